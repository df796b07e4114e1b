package io.tradingbreaker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A breaker that is switched off: every call passes, nothing is measured, operators are told so. */
final class PassThroughBreaker implements TradingBreaker {

    private static final Tally NONE = Nanos.tally(0, 0);
    private static final LatencyMonitor IDLE = new LatencyMonitor() {

        @Override
        public LatencyStatistics statistics() {
            return LatencyStatistics.EMPTY;
        }

        @Override
        public WindowView window() {
            return new WindowView(0, 0, 0);
        }
    };

    private final String name;
    private final @Nullable TradingBreaker parent;
    private final BreakerConfig config;
    private final Instant since;

    PassThroughBreaker(String name, @Nullable TradingBreaker parent, BreakerConfig config, BreakerClock clock) {
        this.name = name;
        this.parent = parent;
        this.config = config;
        since = clock.instant();
    }

    @Override
    public <T extends @Nullable Object> T call(Intent intent, Callable<T> operation) throws Exception {
        return operation.call();
    }

    @Override
    public <T extends @Nullable Object, S extends CompletionStage<T>> CompletionStage<T> callAsync(
            Intent intent, Supplier<S> operation) {
        return operation.get();
    }

    @Override
    public Permit tryAcquire(Intent intent) {
        return Permit.PASS;
    }

    @Override
    public Permit acquire(Intent intent, @Nullable Permit within) {
        return Permit.PASS;
    }

    @Override
    public StreamWatch watchStream(String description) {
        return WatchedStream.UNWATCHED;
    }

    @Override
    public void trip(String reason, @Nullable String actor) {
        throw switchedOff("breaker '" + name + "'");
    }

    @Override
    public void halt(String reason, @Nullable String actor) {
        throw switchedOff("breaker '" + name + "'");
    }

    @Override
    public void resume(String reason, @Nullable String actor) {
        throw switchedOff("breaker '" + name + "'");
    }

    @Override
    public void reset(String reason, @Nullable String actor) {
        throw switchedOff("breaker '" + name + "'");
    }

    @Override
    public void drill(Duration duration, String reason, @Nullable String actor) {
        throw switchedOff("breaker '" + name + "'");
    }

    @Override
    public void mode(BreakerMode mode) {
        throw switchedOff("breaker '" + name + "'");
    }

    @Override
    public BreakerConfig retune(Consumer<BreakerConfigBuilder> change, String reason, @Nullable String actor) {
        throw switchedOff("breaker '" + name + "'");
    }

    static BreakerConflictException switchedOff(String what) {
        return new BreakerConflictException(
                what + " is switched off (trading-breaker.enabled is false) and passes all calls", List.of());
    }

    @Override
    public BreakerCounters counters() {
        Duration no = Duration.ZERO;
        return new BreakerCounters(
                0, 0, 0, 0, 0, 0, 0, 0, no, no, no, 0, 0, 0, 0, 0, 0, no, 0, NONE, NONE, NONE, Map.of());
    }

    @Override
    public BreakerSnapshot snapshot() {
        return new BreakerSnapshot(
                name,
                state(),
                mode(),
                since,
                parent == null ? null : parent.name(),
                null,
                IDLE.window(),
                IDLE.statistics(),
                counters(),
                new BreakerSnapshot.Recovery(0, null, false, null),
                List.of(),
                null,
                config);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable TradingBreaker parent() {
        return parent;
    }

    @Override
    public BreakerConfig config() {
        return config;
    }

    @Override
    public BreakerState state() {
        return BreakerState.CLOSED;
    }

    @Override
    public BreakerMode mode() {
        return config.mode();
    }

    @Override
    public LatencyMonitor latencyMonitor() {
        return IDLE;
    }
}
