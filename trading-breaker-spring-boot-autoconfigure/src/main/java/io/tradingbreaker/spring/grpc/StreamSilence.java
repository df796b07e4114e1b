package io.tradingbreaker.spring.grpc;

import io.tradingbreaker.StreamWatch;
import io.tradingbreaker.TradingBreaker;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Watches one stream from its first message on: its silence counts while messages are asked for that have not come, and
 * the consumer is not busy with one. Messages arrive one at a time; all else may be called from any thread.
 */
final class StreamSilence {

    private final TradingBreaker breaker;
    private final String description;
    private final AtomicLong demand = new AtomicLong();
    private volatile @Nullable StreamWatch watch;
    private volatile boolean isBusy;
    private volatile boolean hasEnded;

    StreamSilence(TradingBreaker breaker, String description) {
        this.breaker = breaker;
        this.description = description;
    }

    /** To be called before gRPC knows: until then none of these messages can come. */
    void requested(int messages) {
        // Only where there was no demand: who asks for more while he waits has not got a message.
        if (messages > 0 && demand.getAndAdd(messages) <= 0) {
            tell();
        }
    }

    /** A message is here, and the consumer gets it. */
    void arrived() {
        isBusy = true;
        demand.decrementAndGet();
        if (watch == null && !hasEnded) {
            watch = breaker.watchStream(description);
        }
        tell();
    }

    /** The consumer is done with it. */
    void taken() {
        isBusy = false;
        tell();
    }

    /** Nobody waits for a message any more. */
    void ended() {
        hasEnded = true;
        tell();
    }

    /** Whoever has changed something tells the watch, until what was told last is so. */
    private void tell() {
        StreamWatch told = watch;
        if (told == null) {
            return;
        }
        boolean isAwaiting;
        do {
            isAwaiting = isAwaiting();
            if (isAwaiting) {
                told.awaiting();
            } else {
                told.idle();
            }
        } while (isAwaiting != isAwaiting());
        if (hasEnded) {
            told.close();
        }
    }

    private boolean isAwaiting() {
        return !isBusy && !hasEnded && demand.get() > 0;
    }
}
