package io.tradingbreaker.compatibility;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;

/** Keeps the end of a call. */
final class Heard extends ClientCall.Listener<String> {

    final CompletableFuture<Status> closed = new CompletableFuture<>();

    @Override
    public void onClose(Status status, Metadata trailers) {
        closed.complete(status);
    }
}
