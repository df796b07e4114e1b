package io.tradingbreaker.spring.webhook;

import java.util.Locale;

/** What became of a delivery. */
public enum WebhookResult {
    DELIVERED,
    /** Refused for good, or tried as often as is allowed. */
    FAILED,
    /** Crowded out by later ones, or left when the application closed. */
    DROPPED;

    /** As in meters: {@code delivered}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
