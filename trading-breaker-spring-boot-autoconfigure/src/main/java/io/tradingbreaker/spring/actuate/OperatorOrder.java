package io.tradingbreaker.spring.actuate;

import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;

/**
 * What an operator asks for.
 *
 * @param reason empty if none was given
 * @param actor the authenticated caller; else who the body says it is, marked as unverified; null if neither
 */
record OperatorOrder(
        OperatorAction action, String reason, @Nullable String actor) {

    /** So that the mark behind it is not lost where core cuts an actor to 200 characters. */
    private static final int LONGEST_CLAIM = 100;

    /** @throws RefusedRequestException for a value that is not a string and for an unknown action */
    static OperatorOrder of(
            SecurityContext caller, @Nullable Object action, @Nullable Object reason, @Nullable Object actor) {
        return new OperatorOrder(
                OperatorAction.of(text("action", action)),
                text("reason", reason),
                actor(caller.getPrincipal(), text("actor", actor)));
    }

    /** As {@link #actor}, whatever else the order holds. */
    static @Nullable String actor(SecurityContext caller, @Nullable Object claim) {
        return actor(caller.getPrincipal(), claim instanceof String text ? text.strip() : "");
    }

    private static @Nullable String actor(@Nullable Principal caller, String claim) {
        String verified = caller == null ? null : caller.getName();
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
