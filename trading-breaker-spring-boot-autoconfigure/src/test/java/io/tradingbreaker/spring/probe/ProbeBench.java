package io.tradingbreaker.spring.probe;

import static org.awaitility.Awaitility.await;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.HealthStatus;
import io.tradingbreaker.RecoveryScheduler;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A probe of the breaker {@code node} on real threads and sockets. Fails on close if a thread of it is left. */
final class ProbeBench implements AutoCloseable {

    private final RecoveryScheduler scheduler = RecoveryScheduler.threaded();
    private final BreakerRegistry registry =
            BreakerRegistry.builder().scheduler(scheduler).build();
    private final ProbeHttp http = new ProbeHttp();
    final ConfiguredProbes probes;

    ProbeBench(SettingsOf settings, List<SlotSource> sources, URI... endpoints) {
        registry.breaker("node");
        List<LookFactory> factories = List.of(new HttpLooks(http), new SolanaRpcLooks(http));
        LookFactory factory = factories.stream()
                .filter(any -> any.type().equals(settings.type))
                .findFirst()
                .orElseThrow();
        ProbeSettings merged = settings.at(Arrays.asList(endpoints));
        probes = new ConfiguredProbes(
                registry,
                breaker -> !breaker.name().equals("trading")
                        ? new OpenProbe(
                                merged,
                                merged.endpoints().stream()
                                        .map(endpoint -> factory.open(merged, endpoint))
                                        .toList())
                        : null,
                sources,
                scheduler,
                BreakerClock.system());
        probes.afterSingletonsInstantiated();
    }

    HealthStatus check() throws Exception {
        return probes.checkers().get(0).check();
    }

    void makeLater(String breaker) {
        registry.breaker(breaker);
    }

    @Override
    public void close() {
        probes.close();
        http.close();
        registry.close();
        awaitNoThread("trading-breaker-probe-");
    }

    /** Those of what was closed before may still be ending. */
    static void awaitNoThread(String prefix) {
        await("no thread is left")
                .atMost(Duration.ofSeconds(30))
                .until(() -> threads(prefix).isEmpty());
    }

    static Set<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .collect(Collectors.toSet());
    }
}
