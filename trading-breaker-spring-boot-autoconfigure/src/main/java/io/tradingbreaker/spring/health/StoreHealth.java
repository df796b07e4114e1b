package io.tradingbreaker.spring.health;

import io.tradingbreaker.StoreStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/** What health and the endpoint say of the store of halts. */
public final class StoreHealth {

    private StoreHealth() {}

    /** Strings, numbers and booleans only. */
    public static Map<String, Object> details(StoreStatus status) {
        Map<String, Object> details = new LinkedHashMap<>();
        StoreStatus.Failure failure = status.failure();
        details.put("store", status.description());
        details.put("state", failure == null ? "ok" : "failing since " + failure.since() + ": " + failure.message());
        details.put("version", status.version());
        details.put("readSinceStart", status.isRead());
        details.put("pending", status.isPending());
        return details;
    }
}
