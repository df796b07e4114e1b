package io.tradingbreaker.spring.http;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.aop.GuardedPlaces;
import io.tradingbreaker.spring.guards.GuardList;
import io.tradingbreaker.spring.guards.NamedBreaker;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.http.HttpMethod;

/**
 * The guards of HTTP requests, in order: the first that matches a request guards it. What equal URIs are written
 * like makes no difference. Thread-safe.
 */
public final class HttpGuards implements GuardedPlaces, SmartInitializingSingleton {

    private static final Set<String> METHODS =
            Stream.of(HttpMethod.values()).map(HttpMethod::name).collect(Collectors.toUnmodifiableSet());

    private final GuardList<Guard> guards;

    /**
     * @param registry asked for no earlier than the first guarded request or the end of the start
     * @throws InvalidConfigException for a guard that cannot do its work, or that another one leaves nothing to do
     */
    public HttpGuards(List<HttpGuard> guards, Supplier<BreakerRegistry> registry) {
        this.guards = new GuardList<>("http.guards", guards, (settings, at) -> new Guard(settings, at, registry));
    }

    /** Makes the breakers. */
    @Override
    public void afterSingletonsInstantiated() {
        guards.makeBreakers();
    }

    @Override
    public List<Place> places() {
        return guards.places("HTTP");
    }

    /** The guard of a request; null if it is not guarded. */
    @Nullable
    Guard find(HttpMethod method, URI uri) {
        RequestTarget target = new RequestTarget(uri);
        return guards.find(guard -> guard.matches(method, target));
    }

    private static Set<String> methods(Set<String> given) {
        Set<String> methods = new TreeSet<>();
        for (String name : given) {
            String method = name.strip().toUpperCase(Locale.ROOT);
            if (!METHODS.contains(method)) {
                throw new InvalidConfigException("methods", name, "must be among " + new TreeSet<>(METHODS));
            }
            methods.add(method);
        }
        return methods;
    }

    /** One guard, ready for use. */
    static final class Guard implements GuardList.Guard<Guard> {

        private final UriPattern pattern;
        private final Set<String> methods;
        private final NamedBreaker breaker;
        private final Intent intent;
        private final StatusOutcomes statuses;

        Guard(HttpGuard settings, String at, Supplier<BreakerRegistry> registry) {
            pattern = UriPattern.parse(settings.uri());
            methods = methods(settings.methods());
            breaker = new NamedBreaker(settings.breaker(), at, registry);
            intent = settings.intent();
            statuses = new StatusOutcomes(settings.failureStatus(), settings.ignoredStatus());
        }

        @Override
        public TradingBreaker breaker() {
            return breaker.get();
        }

        Intent intent() {
            return intent;
        }

        StatusOutcomes statuses() {
            return statuses;
        }

        private boolean matches(HttpMethod method, RequestTarget target) {
            return (methods.isEmpty() || methods.contains(method.name())) && pattern.matches(target);
        }

        @Override
        public void requireMoreThan(Guard earlier, String place) {
            if (earlier.leavesNothingTo(this)) {
                throw new InvalidConfigException(
                        "uri",
                        pattern,
                        "must match more than " + place + ", which is asked first and has the same methods or all");
            }
        }

        private boolean leavesNothingTo(Guard later) {
            return pattern.covers(later.pattern)
                    && (methods.isEmpty() || (!later.methods.isEmpty() && methods.containsAll(later.methods)));
        }

        @Override
        public String toString() {
            return (methods.isEmpty() ? "" : String.join(",", methods) + " ") + pattern;
        }
    }
}
