package io.tradingbreaker.sample.jupiter;

import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.sample.node.NodeBusyException;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.node.NodeRefusedException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.RestClient;

/**
 * Reads from the first endpoint that answers. Only for what may be asked twice: an order is never sent through here.
 * Thread-safe.
 */
final class Endpoints {

    private final List<Endpoint> endpoints;

    Endpoints(List<Endpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    /**
     * The first answer.
     *
     * @throws TradingPausedException if all refused: the refusal that ends first
     * @throws NodeRefusedException if the request is wrong, which no other endpoint will see otherwise
     * @throws NodeException the last failure, if there was one
     */
    <T> T read(Intent intent, Function<RestClient, T> request) {
        NodeException failure = null;
        TradingPausedException refusal = null;
        List<Endpoint> ranked = endpoints.stream()
                .sorted(Comparator.comparingInt(Endpoint::rank))
                .toList();
        for (Endpoint endpoint : ranked) {
            try {
                return endpoint.call(intent, request);
            } catch (TradingPausedException e) {
                refusal = sooner(refusal, e);
            } catch (NodeException e) {
                if (e instanceof NodeRefusedException && !(e instanceof NodeBusyException)) {
                    throw e;
                }
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        if (refusal != null) {
            throw refusal;
        }
        throw new IllegalStateException("there is no endpoint");
    }

    /** One that does not say when it ends, as a halt, ends last. */
    private static TradingPausedException sooner(
            @Nullable TradingPausedException first, TradingPausedException second) {
        if (first == null) {
            return second;
        }
        Duration one = first.retryAfter();
        Duration other = second.retryAfter();
        boolean isSecondSooner = other != null && (one == null || other.compareTo(one) < 0);
        return isSecondSooner ? second : first;
    }
}
