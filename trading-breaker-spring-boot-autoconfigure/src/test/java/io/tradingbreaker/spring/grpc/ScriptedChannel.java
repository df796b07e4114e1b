package io.tradingbreaker.spring.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;

/** A channel whose only call a test plays by hand, on its own thread. */
final class ScriptedChannel extends Channel {

    /** What has been done to the calls, such as {@code request 2}. */
    final List<String> done = new ArrayList<>();

    String authority = "node.example.com:10000";
    Runnable whileMaking = () -> {};
    Runnable whileStarting = () -> {};
    ClientCall.Listener<Object> listener;
    int calls;

    /** The answer is here. */
    void message(Object message) {
        listener.onMessage(message);
    }

    void close(Status status) {
        listener.onClose(status, new Metadata());
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        calls++;
        whileMaking.run();
        return new ScriptedCall<>();
    }

    @Override
    public String authority() {
        return authority;
    }

    private final class ScriptedCall<Q, A> extends ClientCall<Q, A> {

        @Override
        @SuppressWarnings("unchecked") // the test sends what it likes
        public void start(Listener<A> responses, Metadata headers) {
            listener = (Listener<Object>) responses;
            done.add("start");
            whileStarting.run();
        }

        @Override
        public void request(int messages) {
            done.add("request " + messages);
        }

        @Override
        public void cancel(String message, Throwable cause) {
            done.add("cancel");
        }

        @Override
        public void halfClose() {
            done.add("halfClose");
        }

        @Override
        public void sendMessage(Q message) {
            done.add("send");
        }
    }
}
