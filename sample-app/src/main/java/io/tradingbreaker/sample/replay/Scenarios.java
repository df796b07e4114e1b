package io.tradingbreaker.sample.replay;

import io.tradingbreaker.BreakerConfig;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import io.tradingbreaker.TradingBreaker;
import io.tradingbreaker.sample.simulator.Behaviour;
import io.tradingbreaker.sample.simulator.Scenario;
import io.tradingbreaker.sample.simulator.Simulator;
import io.tradingbreaker.sample.simulator.SimulatorProperties;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Changes the endpoints' scenarios on request, and ends a replay with its report. Thread-safe. */
@Component
public final class Scenarios {

    private static final Logger log = LoggerFactory.getLogger(Scenarios.class);

    private final Simulator simulator;
    private final SimulatorProperties properties;
    private final PauseMeter meter;
    private final BreakerRegistry breakers;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "replay-end");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable Replay running;
    private @Nullable ScheduledFuture<?> end;
    private @Nullable ReplayReport last;

    Scenarios(Simulator simulator, SimulatorProperties properties, PauseMeter meter, BreakerRegistry breakers) {
        this.simulator = simulator;
        this.properties = properties;
        this.meter = meter;
        this.breakers = breakers;
    }

    /**
     * Plays a scenario, at one endpoint or at all but the second node; a replay is the first node's, and any other scenario
     * of that node stops it.
     *
     * @param request {@code scenario}, and what belongs to it
     * @throws InvalidScenarioException if it cannot be played; then nothing has changed
     */
    public synchronized void play(Map<String, String> request) {
        Scenario scenario = Scenario.ofCode(request.getOrDefault("scenario", ""))
                .orElseThrow(() -> new InvalidScenarioException("scenario is missing or unknown", Scenario.codes()));
        checkKeys(scenario, request);
        if (scenario == Scenario.REPLAY) {
            replay(ReplayOptions.of(properties.replay(), request));
            return;
        }
        Behaviour behaviour = scenario == Scenario.UNHEALTHY
                ? Behaviour.unhealthy(slotsBehind(request.getOrDefault("slotsBehind", "42")))
                : Behaviour.of(scenario);
        String endpoint = request.get("endpoint");
        if (endpoint != null && !simulator.endpoints().contains(endpoint)) {
            throw new InvalidScenarioException("there is no such endpoint", simulator.endpoints());
        }
        if (endpoint != null && !Simulator.playable(endpoint).contains(scenario)) {
            throw new InvalidScenarioException(
                    "the endpoint does not play this scenario",
                    Simulator.playable(endpoint).stream().map(Scenario::code).toList());
        }
        if (endpoint == null ? !scenario.isOfStreams() : endpoint.equals(Simulator.NODE)) {
            stop();
        }
        if (endpoint == null) {
            simulator.play(behaviour);
        } else {
            simulator.play(endpoint, behaviour);
        }
    }

    public Simulator.Status status() {
        return simulator.status();
    }

    /** On the replay that runs, else on the last one; null if there was none. */
    public synchronized @Nullable ReplayReport report() {
        return running == null ? last : running.report(ReplayReport.RUNNING);
    }

    @PreDestroy
    void close() {
        timer.shutdownNow();
    }

    private void replay(ReplayOptions options) {
        LatencyTrace trace = options.load();
        options.rowNanos(trace);
        stop();
        TradingBreaker breaker = breakers.breaker("node");
        BreakerConfig config = breaker.config();
        Replay replay = new Replay(
                trace, options, meter, config.p99Threshold().toNanos() / 1e6, breaker.state() != BreakerState.CLOSED);
        running = replay;
        end = timer.schedule(() -> finish(replay), replay.totalNanos(), TimeUnit.NANOSECONDS);
        simulator.play(Simulator.NODE, Behaviour.replay(replay.latency()));
        log.info("Replay of {} rows begins, {} s", trace.rows(), replay.totalNanos() / 1_000_000_000);
    }

    private synchronized void finish(Replay replay) {
        if (running == replay) {
            running = null;
            last = replay.report(ReplayReport.FINISHED);
            simulator.play(Simulator.NODE, Behaviour.of(Scenario.NORMAL));
            log.info("Replay finished: {}", last);
        }
    }

    private void stop() {
        if (running != null && end != null) {
            end.cancel(false);
            last = running.report(ReplayReport.STOPPED);
            running = null;
        }
    }

    private static void checkKeys(Scenario scenario, Map<String, String> request) {
        List<String> keys = new ArrayList<>(List.of("scenario"));
        switch (scenario) {
            case REPLAY -> keys.addAll(ReplayOptions.KEYS);
            case UNHEALTHY -> keys.addAll(List.of("endpoint", "slotsBehind"));
            default -> keys.add("endpoint");
        }
        if (!keys.containsAll(request.keySet())) {
            throw new InvalidScenarioException("a key does not belong to this scenario", keys);
        }
    }

    /** Null stands for a node that does not know. */
    private static @Nullable Long slotsBehind(String text) {
        if (text.equals("unknown")) {
            return null;
        }
        try {
            long slots = Long.parseLong(text);
            if (slots > 0) {
                return slots;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number that is not positive.
        }
        throw new InvalidScenarioException(
                "slotsBehind is not a number of slots", List.of("a whole number from 1", "unknown"));
    }
}
