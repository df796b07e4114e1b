package io.tradingbreaker.spring.actuate;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerConfigBuilder;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.convert.DurationStyle;

/**
 * What an operator asks for.
 *
 * @param reason empty if none was given
 * @param actor the authenticated caller; else who the body says it is, marked as unverified; null if neither
 * @param confirm of a drill: which breaker is meant to be paused
 * @param duration of a drill: how long, as text; empty for the default
 * @param limits all else that was sent: what a retuning is to change, and nothing of any other action
 */
record OperatorOrder(
        OperatorAction action,
        String reason,
        @Nullable String actor,
        String confirm,
        String duration,
        RequestedLimits limits) {

    private static final Duration DRILL = Duration.ofSeconds(5);
    private static final Set<String> OF_A_DRILL = Set.of("confirm", "duration");

    /** So that the mark behind it is not lost where core cuts an actor to 200 characters. */
    private static final int LONGEST_CLAIM = 100;

    /**
     * Reads an order.
     *
     * @throws RefusedRequestException for a value that is not a string, for an unknown action, and for a key that the action
     *     does not know: who names a breaker in the body and not in the path must not hit all of them
     */
    static OperatorOrder of(
            SecurityContext caller,
            @Nullable Object action,
            @Nullable Object reason,
            @Nullable Object actor,
            @Nullable Object confirm,
            @Nullable Object duration,
            RequestedLimits limits) {
        OperatorOrder order = new OperatorOrder(
                OperatorAction.of(text("action", action)),
                text("reason", reason),
                actor(caller, text("actor", actor)),
                text("confirm", confirm),
                text("duration", duration),
                limits);
        if (order.action != OperatorAction.RETUNE) {
            order.refuseUnknownKeys();
        }
        return order;
    }

    private void refuseUnknownKeys() {
        Set<String> unknown = new LinkedHashSet<>(besides().keySet());
        List<String> allowed = new ArrayList<>(List.of("action", "reason", "actor"));
        if (action == OperatorAction.DRILL) {
            unknown.removeAll(OF_A_DRILL);
            allowed.addAll(List.of("confirm", "duration"));
        }
        for (String key : unknown) {
            throw new RefusedRequestException(
                    400, RequestedLimits.shown(key) + " is no key of " + action.code() + ": nothing was done", allowed);
        }
    }

    /**
     * What a retuning is to change.
     *
     * @throws RefusedRequestException if it is nothing, or something else than limits that can be changed: what belongs to
     *     a drill must not look as if a change were for a while
     */
    BiConsumer<BreakerConfig, BreakerConfigBuilder> change() {
        return new RequestedLimits(limits.reader(), besides()).read();
    }

    /** What was sent besides what every action has, by key. */
    private Map<String, @Nullable Object> besides() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(limits.sent());
        Map.of("confirm", confirm, "duration", duration).forEach((key, text) -> {
            if (!text.isEmpty()) {
                all.put(key, text);
            }
        });
        return all;
    }

    /**
     * How long the drill of that breaker is to last.
     *
     * @throws RefusedRequestException if it is not confirmed, or the duration is none
     */
    Duration drillOf(String breaker) {
        if (!confirm.equals(breaker)) {
            throw new RefusedRequestException(
                    400,
                    "a drill really pauses trading: confirm it by the breaker's name, \"confirm\": \"" + breaker + "\"",
                    List.of(breaker));
        }
        if (duration.isEmpty()) {
            return DRILL;
        }
        try {
            return DurationStyle.detectAndParse(duration);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new RefusedRequestException(400, "duration must be a time such as 5s", List.of("1s to 1m"));
        }
    }

    /** As {@link #actor()}, whatever else the order holds. */
    static @Nullable String actor(SecurityContext caller, @Nullable Object claim) {
        return actor(caller, claim instanceof String text ? text.strip() : "");
    }

    private static @Nullable String actor(SecurityContext caller, String claim) {
        Principal principal = caller.getPrincipal();
        // WebFlux gives the principal of whom Spring Security calls anonymous; it vouches for nobody.
        String verified = principal == null || caller.isUserInRole("ANONYMOUS") ? null : principal.getName();
        if (verified != null && !verified.isBlank()) {
            return verified;
        }
        return claim.isEmpty() ? null : shortened(claim) + " (unverified)";
    }

    private static String shortened(String claim) {
        return claim.length() <= LONGEST_CLAIM ? claim : claim.substring(0, LONGEST_CLAIM);
    }

    private static String text(String key, @Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (!(value instanceof String text)) {
            throw new RefusedRequestException(400, key + " must be one string", OperatorAction.codes());
        }
        return text.strip();
    }
}
