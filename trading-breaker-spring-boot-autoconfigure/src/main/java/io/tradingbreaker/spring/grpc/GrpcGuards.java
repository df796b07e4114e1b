package io.tradingbreaker.spring.grpc;

import io.grpc.Status;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.aop.GuardedPlaces;
import io.tradingbreaker.spring.guards.NamedBreaker;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** The guards of gRPC calls, in order: the first that matches a call guards it. Thread-safe. */
public final class GrpcGuards implements GuardedPlaces, SmartInitializingSingleton {

    private final List<Guard> guards = new ArrayList<>();
    private final Supplier<BreakerRegistry> registry;

    /**
     * @param registry asked for no earlier than the first guarded call or the end of the start
     * @throws InvalidConfigException for a guard that cannot do its work, or that another one leaves nothing to do
     */
    public GrpcGuards(List<GrpcGuard> guards, Supplier<BreakerRegistry> registry) {
        this.registry = registry;
        for (GrpcGuard guard : guards) {
            add(guard);
        }
    }

    /** Makes the breakers. */
    @Override
    public void afterSingletonsInstantiated() {
        guards.forEach(Guard::breaker);
    }

    @Override
    public List<Place> places() {
        return guards.stream()
                .map(guard -> new Place(guard.breaker().name(), "gRPC " + guard.pattern))
                .toList();
    }

    /** The guard of a call; null if it is not guarded. */
    @Nullable
    CallGuard find(String fullMethod, @Nullable String authority) {
        for (Guard guard : guards) {
            if (guard.pattern.matches(fullMethod, authority)) {
                return guard;
            }
        }
        return null;
    }

    /** What statuses mean to that breaker: its own guards' word; of a breaker without any, the word of all guards. */
    StatusOutcomes statuses(String breaker) {
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
        return new StatusOutcomes(hasOwn ? own : all);
    }

    private void add(GrpcGuard settings) {
        String at = "grpc.guards[" + guards.size() + "].";
        Guard added;
        try {
            added = new Guard(settings, at);
        } catch (InvalidConfigException e) {
            throw new InvalidConfigException(at + e.property(), e.value(), e.allowed());
        }
        for (int i = 0; i < guards.size(); i++) {
            if (guards.get(i).pattern.covers(added.pattern)) {
                throw new InvalidConfigException(
                        at + "method",
                        added.pattern.toString(),
                        "must match more than grpc.guards[" + i + "], which is asked first");
            }
        }
        guards.add(added);
    }

    /** One guard, ready for use. */
    private final class Guard implements CallGuard {

        private final CallPattern pattern;
        private final NamedBreaker breaker;
        private final Intent intent;
        private final StatusOutcomes statuses;

        Guard(GrpcGuard settings, String at) {
            pattern = CallPattern.parse(settings.method(), settings.authority());
            breaker = new NamedBreaker(settings.breaker(), at, registry);
            intent = settings.intent();
            statuses = StatusOutcomes.parse(settings.ignoredStatus());
        }

        /** @throws InvalidConfigException if there may be no breaker of that name */
        @Override
        public TradingBreaker breaker() {
            return breaker.get();
        }

        @Override
        public Intent intent() {
            return intent;
        }

        @Override
        public StatusOutcomes statuses() {
            return statuses;
        }
    }
}
