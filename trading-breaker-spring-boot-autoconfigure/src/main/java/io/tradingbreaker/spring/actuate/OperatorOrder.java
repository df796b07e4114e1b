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
                OperatorAction.of(text("action", action)), text("reason", reason), actor(caller, text("actor", actor)));
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
