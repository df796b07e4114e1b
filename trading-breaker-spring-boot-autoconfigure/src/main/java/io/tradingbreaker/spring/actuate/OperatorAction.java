package io.tradingbreaker.spring.actuate;

import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.TradingBreaker;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an operator can do to one breaker or to all of them. */
enum OperatorAction {
    TRIP(TradingBreaker::trip, BreakerRegistry::trip),
    HALT(TradingBreaker::halt, BreakerRegistry::halt),
    RESUME(TradingBreaker::resume, BreakerRegistry::resume),
    RESET(TradingBreaker::reset, BreakerRegistry::reset),
    OBSERVE(BreakerMode.OBSERVE),
    ENFORCE(BreakerMode.ENFORCE);

    private final Deed<TradingBreaker> onOne;
    private final Deed<BreakerRegistry> onAll;

    OperatorAction(Deed<TradingBreaker> onOne, Deed<BreakerRegistry> onAll) {
        this.onOne = onOne;
        this.onAll = onAll;
    }

    OperatorAction(BreakerMode mode) {
        this(
                (breaker, reason, actor) -> breaker.mode(mode),
                (registry, reason, actor) -> registry.breakers().forEach(breaker -> breaker.mode(mode)));
    }

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

    void on(TradingBreaker breaker, String reason, @Nullable String actor) {
        onOne.act(breaker, reason, actor);
    }

    void onAll(BreakerRegistry registry, String reason, @Nullable String actor) {
        onAll.act(registry, reason, actor);
    }

    private String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    private interface Deed<T> {
        void act(T target, String reason, @Nullable String actor);
    }
}
