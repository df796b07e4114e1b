package io.tradingbreaker.spring.probe;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.HealthChecker;
import io.tradingbreaker.RecoveryScheduler;
import io.tradingbreaker.TradingBreaker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The probes that are set by property, each for its breaker, those of breakers made later too. Has one daemon thread
 * at most for each endpoint, which ends when it is idle. Thread-safe.
 */
public final class ConfiguredProbes implements SmartInitializingSingleton, AutoCloseable {

    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Map<String, BreakerProbe> probes = new ConcurrentHashMap<>();
    private final AtomicInteger threads = new AtomicInteger();
    private final Function<TradingBreaker, @Nullable OpenProbe> opener;
    private final List<SlotSource> sources;
    private final RecoveryScheduler scheduler;
    private final BreakerClock clock;
    private volatile boolean started;
    private volatile boolean closed;

    /**
     * Opens the probe of every breaker there is.
     *
     * @param opener gives a breaker its probe; null if it has none
     * @param scheduler runs the timers, and nothing that blocks
     */
    public ConfiguredProbes(
            BreakerRegistry registry,
            Function<TradingBreaker, @Nullable OpenProbe> opener,
            List<SlotSource> sources,
            RecoveryScheduler scheduler,
            BreakerClock clock) {
        this.opener = opener;
        this.sources = List.copyOf(sources);
        this.scheduler = scheduler;
        this.clock = clock;
        try {
            registry.onEachBreaker(this::open);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void open(TradingBreaker breaker) {
        OpenProbe open = opener.apply(breaker);
        if (open != null) {
            BreakerProbe probe = new BreakerProbe(open, this::lane, scheduler, clock, this::bestOfSources);
            probes.put(breaker.name(), probe);
            if (closed) {
                probe.close();
            } else if (started) {
                probe.start();
            }
        }
    }

    private ExecutorService lane() {
        ThreadPoolExecutor lane =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "trading-breaker-probe-look-" + threads.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        lane.allowCoreThreadTimeOut(true);
        return lane;
    }

    private long bestOfSources(long now) {
        long best = -1;
        for (SlotSource source : sources) {
            try {
                best = Math.max(best, source.newestSlot());
            } catch (RuntimeException e) {
                // A source that fails knows none.
            }
        }
        return best;
    }

    /** Begins the looks in the background. */
    @Override
    public void afterSingletonsInstantiated() {
        started = true;
        probes.values().forEach(BreakerProbe::start);
    }

    /** One for each breaker that has a probe by now. */
    public List<HealthChecker> checkers() {
        return List.copyOf(probes.values());
    }

    /** The settings of each breaker's probe; null where it has none. */
    public static Function<String, @Nullable ProbeSettings> settings(ObjectProvider<ConfiguredProbes> configured) {
        return breaker -> {
            BreakerProbe probe = find(configured, breaker);
            return probe == null ? null : probe.settings();
        };
    }

    /** A line about what each breaker's looks in the background have found; null where there are none. */
    public static Function<String, @Nullable String> background(ObjectProvider<ConfiguredProbes> configured) {
        return breaker -> {
            BreakerProbe probe = find(configured, breaker);
            return probe == null ? null : probe.background();
        };
    }

    private static @Nullable BreakerProbe find(ObjectProvider<ConfiguredProbes> configured, String breaker) {
        ConfiguredProbes probes = configured.getIfAvailable();
        return probes == null ? null : probes.probes.get(breaker);
    }

    /** Ends all looks; those under way are interrupted. */
    @Override
    public void close() {
        closed = true;
        probes.values().forEach(BreakerProbe::close);
        long end = System.nanoTime() + END_NANOS;
        try {
            for (BreakerProbe probe : probes.values()) {
                probe.awaitEnd(end);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
