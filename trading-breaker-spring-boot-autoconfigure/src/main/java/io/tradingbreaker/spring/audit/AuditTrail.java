package io.tradingbreaker.spring.audit;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.KeyedBreakers;
import io.tradingbreaker.Retune;
import io.tradingbreaker.StateChangeListener;
import io.tradingbreaker.SwitchStoreException;
import io.tradingbreaker.Transition;
import io.tradingbreaker.TransitionReason;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;

/**
 * Keeps the latest transitions and operators' actions in memory, and hands each on. Thread-safe.
 *
 * <p>An operator's call in code is seen by the transition that it causes, with rule and actor; only what goes through the
 * endpoint is an action too, refused or not. A change of limits is an action, whoever has made it and however.
 */
public final class AuditTrail implements StateChangeListener, Ordered {

    private static final Logger log = LoggerFactory.getLogger("io.tradingbreaker.spring");
    private static final int MOST_ENTRIES = 100_000;
    private static final int LONGEST = 200;
    private static final String KEYS = "keys";
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private final int capacity;
    private final BreakerClock clock;
    private final Consumer<? super AuditEntry> next;
    private final ReentrantLock lock = new ReentrantLock();
    // Newest first; only under the lock.
    private final Deque<AuditEntry> entries = new ArrayDeque<>();
    private long lastId;

    /**
     * @param capacity how many entries are kept, 1 to 100,000
     * @param next is told of each entry, on the thread that made it
     * @throws InvalidConfigException if the capacity is out of range
     */
    public AuditTrail(int capacity, BreakerClock clock, Consumer<? super AuditEntry> next) {
        if (capacity < 1 || capacity > MOST_ENTRIES) {
            throw new InvalidConfigException("audit.capacity", capacity, "must be from 1 to " + MOST_ENTRIES);
        }
        this.capacity = capacity;
        this.clock = clock;
        this.next = next;
    }

    @Override
    public void onStateChange(Transition transition) {
        TransitionReason reason = transition.reason();
        Map<String, Object> data = new LinkedHashMap<>();
        put(data, "breaker", transition.breaker());
        data.put("sequence", transition.sequence());
        put(data, "from", transition.from().name());
        put(data, "to", transition.to().name());
        put(data, "rule", reason.rule().code());
        put(data, "message", reason.message());
        put(data, "observed", reason.observed());
        put(data, "limit", reason.limit());
        add(transition.at(), AuditEntry.TRANSITION, transition.breaker(), transition.actor(), data);
    }

    @Override
    public void onRetune(Retune retune) {
        if (retune.along()) {
            // A template's entry says it for all of its keys, who may be very many.
            return;
        }
        Map<String, Object> data = new LinkedHashMap<>();
        put(data, "breaker", retune.breaker());
        put(data, "action", "retune");
        put(data, "reason", retune.reason());
        put(data, "result", "done");
        data.put("changes", retune.changes().stream().map(AuditTrail::line).toList());
        if (retune.keys() > 0) {
            data.put(KEYS, retune.keys());
        }
        add(retune.at(), AuditEntry.ACTION, retune.breaker(), retune.actor(), data);
    }

    /**
     * Records what an operator asked for.
     *
     * @param breaker null: all of them
     * @param error why it was refused, or what failed: a store that fails has changed something perhaps; null if it was done
     */
    public void action(
            @Nullable String breaker,
            @Nullable Object action,
            @Nullable Object reason,
            @Nullable String actor,
            @Nullable RuntimeException error) {
        Map<String, Object> data = new LinkedHashMap<>();
        put(data, "breaker", breaker == null ? "all" : breaker);
        put(data, "action", action);
        put(data, "reason", reason);
        put(data, "result", error == null ? "done" : error instanceof SwitchStoreException ? "failed" : "refused");
        put(data, "error", error == null ? null : String.valueOf(error.getMessage()));
        add(clock.instant(), AuditEntry.ACTION, breaker == null ? null : line(breaker), actor, data);
    }

    /**
     * The entries of a breaker, those of actions on all, and those of its template's retunings with its keys, newest first.
     *
     * @param before only entries with a smaller id
     * @param limit at most so many
     */
    public List<AuditEntry> page(String breaker, long before, int limit) {
        List<AuditEntry> page = new ArrayList<>();
        lock.lock();
        try {
            Iterator<AuditEntry> newestFirst = entries.iterator();
            while (newestFirst.hasNext() && page.size() < limit) {
                AuditEntry entry = newestFirst.next();
                if (entry.id() < before && concerns(entry, breaker)) {
                    page.add(entry);
                }
            }
        } finally {
            lock.unlock();
        }
        return page;
    }

    private static boolean concerns(AuditEntry entry, String breaker) {
        String of = entry.breaker();
        return of == null
                || of.equals(breaker)
                || (entry.data().containsKey(KEYS) && of.equals(KeyedBreakers.templateOf(breaker)));
    }

    /** Before the application's listeners, which may take their time. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 10;
    }

    private void add(
            Instant at, String type, @Nullable String breaker, @Nullable String actor, Map<String, Object> data) {
        String principal = actor == null || actor.isBlank() ? AuditEntry.SELF : line(actor);
        AuditEntry entry;
        lock.lock();
        try {
            entry = new AuditEntry(++lastId, at, type, breaker, principal, Collections.unmodifiableMap(data));
            entries.addFirst(entry);
            if (entries.size() > capacity) {
                entries.removeLast();
            }
        } finally {
            lock.unlock();
        }
        try {
            next.accept(entry);
        } catch (RuntimeException e) {
            log.error("An audit event could not be published; the trail has it", e);
        }
    }

    private static void put(Map<String, Object> data, String key, @Nullable Object value) {
        if (value instanceof Number number) {
            if (Double.isFinite(number.doubleValue())) {
                data.put(key, number);
            }
        } else if (value != null) {
            data.put(key, line(value.toString()));
        }
    }

    /** One bounded line. */
    private static String line(String text) {
        String bounded = text.length() <= LONGEST ? text : text.substring(0, LONGEST);
        return UNPRINTABLE.matcher(bounded).replaceAll(" ").strip();
    }
}
