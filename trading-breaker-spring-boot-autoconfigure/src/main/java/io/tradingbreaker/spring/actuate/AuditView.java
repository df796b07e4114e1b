package io.tradingbreaker.spring.actuate;

import io.tradingbreaker.spring.audit.AuditEntry;
import io.tradingbreaker.spring.audit.AuditTrail;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A page of the audit trail as the endpoint shows it. */
final class AuditView {

    static final int MOST = 200;
    private static final int USUAL = 50;
    private static final List<String> ALLOWED = List.of("before", "limit");

    private AuditView() {}

    /**
     * The page of a breaker, newest first; {@code next} is the {@code before} of the next page, null behind the last.
     *
     * @throws RefusedRequestException if before or limit is no number that is allowed
     */
    static Map<String, @Nullable Object> of(
            AuditTrail trail, String breaker, @Nullable String before, @Nullable String limit) {
        long below = before == null || before.isBlank() ? Long.MAX_VALUE : number("before", before, Long.MAX_VALUE);
        int most = limit == null || limit.isBlank() ? USUAL : (int) number("limit", limit, MOST);
        List<AuditEntry> found = trail.page(breaker, below, most + 1);
        List<AuditEntry> page = found.subList(0, Math.min(most, found.size()));
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("events", page.stream().map(AuditView::entry).toList());
        view.put("next", found.size() > most ? page.get(most - 1).id() : null);
        return view;
    }

    private static Map<String, Object> entry(AuditEntry entry) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", entry.id());
        view.put("at", entry.at().toString());
        view.put("type", entry.type());
        view.put("principal", entry.principal());
        view.put("data", entry.data());
        return view;
    }

    private static long number(String key, String text, long most) {
        try {
            long number = Long.parseLong(text.strip());
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new RefusedRequestException(
                400, key + " must be a number from 1" + (most == MOST ? " to " + MOST : ""), ALLOWED);
    }
}
