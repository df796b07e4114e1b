package io.tradingbreaker.spring.actuate;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerConfigBuilder;
import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingBreaker;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What an operator can do to one breaker or to all of them. */
enum OperatorAction {
    TRIP,
    HALT,
    RESUME,
    RESET,
    OBSERVE,
    ENFORCE,
    DRILL,
    RETUNE;

    /** @throws RefusedRequestException if there is no such action */
    static OperatorAction of(String code) {
        for (OperatorAction action : values()) {
            if (action.code().equals(code)) {
                return action;
            }
        }
        throw new RefusedRequestException(400, code.isEmpty() ? "action is missing" : "unknown action", codes());
    }

    static List<String> codes() {
        return Arrays.stream(values()).map(OperatorAction::code).toList();
    }

    void on(TradingBreaker breaker, OperatorOrder order) {
        String reason = order.reason();
        @Nullable String actor = order.actor();
        switch (this) {
            case TRIP -> breaker.trip(reason, actor);
            case HALT -> breaker.halt(reason, actor);
            case RESUME -> breaker.resume(reason, actor);
            case RESET -> breaker.reset(reason, actor);
            case OBSERVE -> breaker.mode(BreakerMode.OBSERVE);
            case ENFORCE -> breaker.mode(BreakerMode.ENFORCE);
            case DRILL -> breaker.drill(order.drillOf(breaker.name()), reason, actor);
            case RETUNE -> {
                BiConsumer<BreakerConfig, BreakerConfigBuilder> change = order.change();
                // Of what it holds: a single key's breaker may have other limits than the one that was named.
                breaker.retune(limits -> change.accept(limits.build(), limits), reason, actor);
            }
        }
    }

    void onAll(BreakerRegistry registry, OperatorOrder order) {
        String reason = order.reason();
        @Nullable String actor = order.actor();
        switch (this) {
            case TRIP -> registry.trip(reason, actor);
            case HALT -> registry.halt(reason, actor);
            case RESUME -> registry.resume(reason, actor);
            case RESET -> registry.reset(reason, actor);
            case OBSERVE -> registry.breakers().forEach(breaker -> breaker.mode(BreakerMode.OBSERVE));
            case ENFORCE -> registry.breakers().forEach(breaker -> breaker.mode(BreakerMode.ENFORCE));
            case DRILL ->
                throw new RefusedRequestException(
                        400,
                        "a drill is one breaker's: its name belongs into the path",
                        CircuitBreakerEndpoint.names(registry));
            case RETUNE -> {
                BiConsumer<BreakerConfig, BreakerConfigBuilder> change = order.change();
                registry.retune((breaker, limits) -> change.accept(limits.build(), limits), reason, actor);
            }
        }
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
