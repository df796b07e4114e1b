package io.tradingbreaker.spring.aop;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerMode;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.KeyPolicy;
import io.tradingbreaker.ResumePolicy;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.spring.aop.GuardedPlaces.Place;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.convert.DurationStyle;

/** Says at the start what each breaker guards, with which limits. */
final class StartupReport {

    private static final Logger log = LoggerFactory.getLogger("io.tradingbreaker.spring");
    private static final int MOST_PLACES = 50;

    private final BreakerRegistry registry;
    private final Collection<Place> others;

    /** @param others what is guarded without annotations; made, but not checked here */
    StartupReport(BreakerRegistry registry, Collection<Place> others) {
        this.registry = registry;
        this.others = others;
    }

    /**
     * Makes the breakers that are not declared, with a warning.
     *
     * @throws InvalidGuardException for a malformed name, or one that is not declared where that is required
     */
    void check(Collection<Guard> guards) {
        TreeSet<String> undeclared = new TreeSet<>();
        for (Guard guard : guards) {
            try {
                registry.breaker(guard.breaker());
            } catch (InvalidConfigException e) {
                throw new InvalidGuardException(
                        guard.place(),
                        "(\"" + e.value() + "\")",
                        "the breaker's name " + e.allowed(),
                        "Correct the name, or configure the breaker under trading-breaker.breakers.");
            }
            if (!registry.isDeclared(guard.breaker())) {
                undeclared.add(guard.breaker());
            }
        }
        for (Place other : others) {
            if (!registry.isDeclared(other.breaker())) {
                undeclared.add(other.breaker());
            }
        }
        for (String name : undeclared) {
            log.warn(
                    "Breaker '{}' is not configured and runs with the defaults; it guards {}; configured are {}",
                    name,
                    places(name, guards),
                    declared());
        }
    }

    void print(Collection<Guard> guards) {
        for (TradingBreaker breaker : registry.breakers()) {
            boolean isKeyed = guards.stream()
                    .anyMatch(guard -> guard.key() != null && guard.breaker().equals(breaker.name()));
            log.info(
                    "Breaker '{}' {}{}; guards {}",
                    breaker.name(),
                    limits(breaker),
                    isKeyed ? keys(breaker.config().keys()) : "",
                    places(breaker.name(), guards));
        }
    }

    /** Looks for a {@link PositionView} only where quantities are marked. */
    void warnOfUnchecked(Collection<Guard> guards, Reductions reductions) {
        List<Guard> marked =
                guards.stream().filter(guard -> guard.reduction() != null).toList();
        if (!marked.isEmpty() && !reductions.areChecked()) {
            log.warn(
                    "There is no PositionView bean, so quantities are not checked while trading is paused: {}",
                    places(marked));
        }
    }

    private List<String> declared() {
        return registry.breakers().stream()
                .map(TradingBreaker::name)
                .filter(registry::isDeclared)
                .toList();
    }

    private String places(String breaker, Collection<Guard> guards) {
        TreeSet<String> places = new TreeSet<>();
        for (Guard guard : guards) {
            if (guard.breaker().equals(breaker)) {
                places.add(place(guard));
            }
        }
        for (Place other : others) {
            if (other.breaker().equals(breaker)) {
                places.add(other.text());
            }
        }
        return shown(places);
    }

    private static String places(Collection<Guard> guards) {
        TreeSet<String> places = new TreeSet<>();
        guards.forEach(guard -> places.add(place(guard)));
        return shown(places);
    }

    private static String place(Guard guard) {
        String place = guard.type().getSimpleName() + "." + InvalidGuardException.signature(guard.method());
        return guard.key() == null ? place : place + " by key " + guard.key();
    }

    private static String shown(Set<String> places) {
        if (places.isEmpty()) {
            return "no method";
        }
        String shown = String.join(", ", places.stream().limit(MOST_PLACES).toList());
        return places.size() > MOST_PLACES ? shown + " and " + (places.size() - MOST_PLACES) + " more" : shown;
    }

    private static String limits(TradingBreaker breaker) {
        BreakerConfig config = breaker.config();
        StringBuilder limits = new StringBuilder();
        limits.append(config.mode() == BreakerMode.ENFORCE ? "pauses at" : "only watches for");
        String or = " ";
        if (!config.p99Threshold().isZero()) {
            limits.append(or)
                    .append(String.format(
                            Locale.ROOT,
                            "P%s over %s (window %d samples or %s, at least %d)",
                            plain(config.percentile()),
                            text(config.p99Threshold()),
                            config.windowSize(),
                            text(config.windowAge()),
                            config.minimumSamples()));
            or = ", ";
        }
        Integer inARow = config.failureThreshold();
        if (inARow != null && inARow > 0) {
            limits.append(or)
                    .append(inARow)
                    .append(" calls in a row failed or over ")
                    .append(text(config.latencyThreshold()));
            or = ", ";
        }
        if (config.errorRateThreshold() > 0) {
            limits.append(or).append("an error rate of ").append(plain(config.errorRateThreshold()));
            or = ", ";
        }
        if (!config.localPauseLimit().isZero()) {
            limits.append(or)
                    .append("pauses of this JVM over ")
                    .append(text(config.localPauseLimit()))
                    .append(" in 10s");
            or = ", ";
        }
        if (!config.streamSilence().isZero()) {
            limits.append(or).append("a watched stream silent for over ").append(text(config.streamSilence()));
            or = ", ";
        }
        limits.append(or.isBlank() ? " nothing" : "");
        limits.append("; open for at least ")
                .append(text(config.recoveryTimeout()))
                .append(resuming(config.resume()));
        TradingBreaker parent = breaker.parent();
        return parent == null
                ? limits.toString()
                : limits.append("; under '").append(parent.name()).append("'").toString();
    }

    private static String keys(KeyPolicy policy) {
        String more = switch (policy.whenFull()) {
            case SHARE -> "further ones share this one";
            case REFUSE -> "further ones are refused";
        };
        return "; one for each of up to " + policy.maxKeys() + " keys, " + more + ", idle ones end after "
                + text(policy.idleTimeout());
    }

    private static String resuming(ResumePolicy policy) {
        return switch (policy.kind()) {
            case AUTOMATIC -> "";
            case LIMITED ->
                " (the first " + policy.limit() + " times in resume.period), then until an operator resumes";
            case MANUAL -> " and until an operator resumes";
        };
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static String text(Duration duration) {
        ChronoUnit unit = duration.toNanosPart() == 0 ? ChronoUnit.SECONDS : ChronoUnit.MILLIS;
        return DurationStyle.SIMPLE.print(duration, unit);
    }
}
