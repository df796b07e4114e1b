package io.tradingbreaker.spring.probe.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** What is left of gRPC and of the looks over it. */
final class Threads {

    private Threads() {}

    /** gRPC gives back its own threads a second after the last channel and server are gone. */
    static void awaitNoneLeft() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                                .map(Thread::getName)
                                .filter(name -> name.startsWith("grpc-") || name.startsWith("trading-breaker-probe")))
                        .isEmpty());
    }
}
