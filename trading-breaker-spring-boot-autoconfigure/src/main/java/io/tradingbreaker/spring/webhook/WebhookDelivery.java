package io.tradingbreaker.spring.webhook;

import io.tradingbreaker.Transition;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One transition to be told. Immutable.
 *
 * @param key the same for every attempt, so that the server can tell a repetition
 * @param body JSON
 */
record WebhookDelivery(String breaker, String key, String body) {

    /** @param sender tells this process from others and from earlier ones */
    static WebhookDelivery of(Transition transition, UUID sender) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("breaker", transition.breaker());
        fields.put("sequence", transition.sequence());
        fields.put("at", transition.at());
        fields.put("from", transition.from());
        fields.put("to", transition.to());
        fields.put("rule", transition.reason().rule().code());
        fields.put("message", transition.reason().message());
        fields.put("observed", transition.reason().observed());
        fields.put("limit", transition.reason().limit());
        fields.put("actor", transition.actor());
        // The time too: the breaker of a key begins to count anew when it is made anew.
        String key = String.format(
                Locale.ROOT,
                "%s-%s-%d-%d",
                sender,
                transition.breaker(),
                transition.sequence(),
                transition.at().toEpochMilli());
        return new WebhookDelivery(transition.breaker(), key, Json.of(fields));
    }
}
