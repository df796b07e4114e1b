package io.tradingbreaker.spring.grpc;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What a call's listener has heard. */
final class Heard extends ClientCall.Listener<String> {

    final List<String> messages = new CopyOnWriteArrayList<>();
    final List<Status> closes = new CopyOnWriteArrayList<>();
    volatile Metadata trailers;
    private final Consumer<String> consumer;

    Heard() {
        this(message -> {});
    }

    /** @param consumer takes each message, and may fail */
    Heard(Consumer<String> consumer) {
        this.consumer = consumer;
    }

    @Override
    public void onMessage(String message) {
        messages.add(message);
        consumer.accept(message);
    }

    @Override
    public void onClose(Status status, Metadata metadata) {
        trailers = metadata;
        closes.add(status);
        if (status.getCode() == Status.Code.DATA_LOSS) {
            consumer.accept("close");
        }
    }
}
