package io.tradingbreaker.spring.dashboard;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.RecoveryScheduler;
import io.tradingbreaker.TradingBreaker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Samples all breakers again and again, and keeps what it saw for a while: a bounded ring for each breaker, so that a page
 * that is opened after an incident still shows it. Thread-safe.
 *
 * <p>The scheduler's timer only hands the work on, so that sampling delays no recovery. A sampling reads counters, and looks
 * at the distributions of at most {@value #MOST_LOOKS} breakers that have moved; where more have, they take turns.
 */
final class History implements AutoCloseable {

    static final int MOST_LOOKS = 100;
    static final int MOST_TRACES = 1000;
    private static final long REFRESH_NANOS = 500_000_000;

    private final BreakerRegistry registry;
    private final BreakerClock clock;
    private final RecoveryScheduler scheduler;
    private final DashboardSettings settings;
    private final long born;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Watched> watched = new LinkedHashMap<>();
    private final long[] times;
    private long samplings;
    private int turn;
    private long version;
    private long removedAt;
    private long refreshedAt;
    private RecoveryScheduler.Task timer = () -> {};
    private boolean started;
    private boolean closed;

    History(BreakerRegistry registry, BreakerClock clock, RecoveryScheduler scheduler, DashboardSettings settings) {
        this.registry = registry;
        this.clock = clock;
        this.scheduler = scheduler;
        this.settings = settings;
        born = clock.instant().toEpochMilli();
        times = new long[settings.points()];
    }

    void start() {
        locked(() -> {
            readAll();
            started = true;
            setTimer();
        });
    }

    @Override
    public void close() {
        locked(() -> {
            closed = true;
            timer.cancel();
        });
    }

    /**
     * The rows that changed since a version, or all of them.
     *
     * @param token what an earlier answer named as its version; anything else asks for all
     * @param name the breaker whose trace is wanted too; null for none
     * @param from the number of the first sampling that is wanted of it
     */
    Map<String, @Nullable Object> state(String token, @Nullable String name, long from) {
        lock.lock();
        try {
            if (isDue() || isMissing(name)) {
                refresh();
            }
            long since = versionOf(token);
            since = since < removedAt ? -1 : since;
            List<Object> rows = new ArrayList<>();
            for (Watched one : watched.values()) {
                List<@Nullable Object> row = one.rowSince(since);
                if (row != null) {
                    rows.add(row);
                }
            }
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put("version", born + "-" + version);
            answer.put("complete", since < 0);
            answer.put("born", born);
            answer.put("now", clock.instant().toEpochMilli());
            answer.put("interval", settings.interval().toMillis());
            answer.put("history", settings.history().toMillis());
            answer.put("breakers", watched.size());
            answer.put("rows", rows);
            Watched one = name == null ? null : watched.get(name);
            answer.put("trace", one == null ? null : trace(one, from));
            return answer;
        } finally {
            lock.unlock();
        }
    }

    private void setTimer() {
        if (!closed) {
            timer = scheduler.after(settings.interval(), () -> scheduler.publish(this::sampleAndGoOn));
        }
    }

    private void sampleAndGoOn() {
        try {
            sample();
        } finally {
            locked(this::setTimer);
        }
    }

    private void sample() {
        locked(() -> {
            List<Watched> all = readAll();
            int looks = 0;
            int last = turn;
            for (int i = 0; i < all.size() && looks < MOST_LOOKS; i++) {
                int at = (turn + i) % all.size();
                if (all.get(at).wantsLook(samplings)) {
                    all.get(at).look(samplings);
                    looks++;
                    last = at;
                }
            }
            turn = last + 1;
            int traces = 0;
            for (Watched one : all) {
                if (one.trace() != null || traces < MOST_TRACES) {
                    one.trace(samplings, times.length);
                }
                traces += one.trace() == null ? 0 : 1;
            }
            times[index(samplings)] = clock.instant().toEpochMilli();
            samplings++;
            renewRows();
        });
    }

    /** So that a viewer sees a change of state sooner than the next sampling; the same for all viewers for a moment. */
    private boolean isDue() {
        return version == 0 || clock.nanoTime() - refreshedAt >= REFRESH_NANOS;
    }

    /** Whether that breaker was made a moment ago: who was sent to it must not be told that there is none. */
    private boolean isMissing(@Nullable String name) {
        return name != null && !watched.containsKey(name) && registry.find(name) != null;
    }

    private void refresh() {
        readAll();
        renewRows();
    }

    private List<Watched> readAll() {
        Collection<TradingBreaker> breakers = registry.breakers();
        Set<TradingBreaker> present = Collections.newSetFromMap(new IdentityHashMap<>());
        present.addAll(breakers);
        // A row cannot be told to be gone, so that whoever has it gets all that are left.
        if (watched.values().removeIf(one -> !present.contains(one.breaker()))) {
            removedAt = version + 1;
        }
        for (TradingBreaker breaker : breakers) {
            watched.computeIfAbsent(breaker.name(), name -> new Watched(breaker, started));
        }
        List<Watched> all = new ArrayList<>(watched.values());
        all.forEach(Watched::read);
        return all;
    }

    private void renewRows() {
        version++;
        watched.values().forEach(one -> one.renewRow(version));
        refreshedAt = clock.nanoTime();
    }

    private Map<String, Object> trace(Watched one, long from) {
        long first = Math.min(samplings, Math.max(from, Math.max(0, samplings - times.length)));
        List<Long> at = new ArrayList<>();
        for (long n = first; n < samplings; n++) {
            at.add(times[index(n)]);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", one.breaker().name());
        answer.put("first", first);
        answer.put("next", samplings);
        answer.put("times", at);
        Trace trace = one.trace();
        answer.put("columns", trace == null ? Map.of() : trace.columns(first, samplings));
        return answer;
    }

    /** -1 for what is no version of this server's run. */
    private long versionOf(String token) {
        String own = born + "-";
        if (token.length() > 40 || !token.startsWith(own)) {
            return -1;
        }
        try {
            long since = Long.parseLong(token.substring(own.length()));
            return since <= version ? since : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private int index(long sampling) {
        return (int) (sampling % times.length);
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }
}
