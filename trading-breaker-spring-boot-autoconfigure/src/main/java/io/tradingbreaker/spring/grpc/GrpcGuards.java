package io.tradingbreaker.spring.grpc;

import io.grpc.Status;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.aop.GuardedPlaces;
import io.tradingbreaker.spring.guards.GuardList;
import io.tradingbreaker.spring.guards.NamedBreaker;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** The guards of gRPC calls, in order: the first that matches a call guards it. Thread-safe. */
public final class GrpcGuards implements GuardedPlaces, SmartInitializingSingleton {

    private final GuardList<Guard> guards;

    /**
     * @param registry asked for no earlier than the first guarded call or the end of the start
     * @throws InvalidConfigException for a guard that cannot do its work, or that another one leaves nothing to do
     */
    public GrpcGuards(List<GrpcGuard> guards, Supplier<BreakerRegistry> registry) {
        this.guards = new GuardList<>("grpc.guards", guards, (settings, at) -> new Guard(settings, at, registry));
    }

    /** Makes the breakers. */
    @Override
    public void afterSingletonsInstantiated() {
        guards.makeBreakers();
    }

    @Override
    public List<Place> places() {
        return guards.places("gRPC");
    }

    /** The guard of a call; null if it is not guarded. */
    @Nullable
    CallGuard find(String fullMethod, @Nullable String authority) {
        return guards.find(guard -> guard.pattern.matches(fullMethod, authority));
    }

    /** What statuses mean to that breaker: its own guards' word; of a breaker without any, the word of all guards. */
    CodeOutcomes statuses(String breaker) {
        EnumSet<Status.Code> own = EnumSet.noneOf(Status.Code.class);
        EnumSet<Status.Code> all = EnumSet.noneOf(Status.Code.class);
        boolean hasOwn = false;
        for (Guard guard : guards) {
            all.addAll(guard.statuses.ignored());
            if (guard.breaker().name().equals(breaker)) {
                own.addAll(guard.statuses.ignored());
                hasOwn = true;
            }
        }
        return new CodeOutcomes(hasOwn ? own : all);
    }

    /** One guard, ready for use. */
    private static final class Guard implements CallGuard, GuardList.Guard<Guard> {

        private final CallPattern pattern;
        private final NamedBreaker breaker;
        private final Intent intent;
        private final CodeOutcomes statuses;

        Guard(GrpcGuard settings, String at, Supplier<BreakerRegistry> registry) {
            pattern = CallPattern.parse(settings.method(), settings.authority());
            breaker = new NamedBreaker(settings.breaker(), at, registry);
            intent = settings.intent();
            statuses = CodeOutcomes.parse(settings.ignoredStatus());
        }

        @Override
        public TradingBreaker breaker() {
            return breaker.get();
        }

        @Override
        public void requireMoreThan(Guard earlier, String place) {
            if (earlier.pattern.covers(pattern)) {
                throw new InvalidConfigException(
                        "method", pattern.toString(), "must match more than " + place + ", which is asked first");
            }
        }

        @Override
        public Intent intent() {
            return intent;
        }

        @Override
        public CodeOutcomes statuses() {
            return statuses;
        }

        @Override
        public String toString() {
            return pattern.toString();
        }
    }
}
