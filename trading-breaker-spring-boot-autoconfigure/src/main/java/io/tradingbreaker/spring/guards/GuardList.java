package io.tradingbreaker.spring.guards;

import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.aop.GuardedPlaces.Place;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Guards of one kind as they are configured, in order: the first that matches guards. Immutable. */
public final class GuardList<G extends GuardList.Guard<G>> implements Iterable<G> {

    private final List<G> guards;

    /**
     * Makes the guards of their settings.
     *
     * @param property where the settings stand
     * @param parse makes a guard of its settings and of the place where they stand, with a dot at the end
     * @throws InvalidConfigException for a guard that cannot do its work, or that another one leaves nothing to do
     */
    public <S> GuardList(String property, List<S> settings, BiFunction<? super S, String, G> parse) {
        List<G> made = new ArrayList<>();
        for (S each : settings) {
            String at = property + "[" + made.size() + "].";
            try {
                G guard = parse.apply(each, at);
                for (int i = 0; i < made.size(); i++) {
                    guard.requireMoreThan(made.get(i), property + "[" + i + "]");
                }
                made.add(guard);
            } catch (InvalidConfigException e) {
                throw new InvalidConfigException(at + e.property(), e.value(), e.allowed());
            }
        }
        guards = List.copyOf(made);
    }

    /** The first guard that matches; null if none does. */
    public @Nullable G find(Predicate<? super G> matches) {
        for (G guard : guards) {
            if (matches.test(guard)) {
                return guard;
            }
        }
        return null;
    }

    @Override
    public Iterator<G> iterator() {
        return guards.iterator();
    }

    /** Makes the breakers. */
    public void makeBreakers() {
        guards.forEach(Guard::breaker);
    }

    /**
     * What is guarded, for the report.
     *
     * @param kind what the calls are
     */
    public List<Place> places(String kind) {
        return guards.stream()
                .map(guard -> new Place(guard.breaker().name(), kind + " " + guard))
                .toList();
    }

    /** One guard, ready for use; its text is what it guards. */
    public interface Guard<G> {

        /**
         * The breaker, made if need be.
         *
         * @throws InvalidConfigException if there may be none of that name
         */
        TradingBreaker breaker();

        /**
         * Refuses to stand behind a guard that matches all that it does.
         *
         * @param earlier is asked first
         * @param place where that one stands
         * @throws InvalidConfigException with the property that says what it matches
         */
        void requireMoreThan(G earlier, String place);
    }
}
