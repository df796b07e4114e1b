package io.tradingbreaker.spring.probe.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.spring.probe.Look;
import io.tradingbreaker.spring.probe.Sight;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against gRPC's own health service. */
class GrpcHealthTests {

    private final GrpcHealthLooks factory = new GrpcHealthLooks(BreakerClock.system());

    @AfterAll
    static void noThreadIsLeft() {
        Threads.awaitNoneLeft();
    }

    private Sight lookAt(HealthServer server, String service) throws Exception {
        try (Look look =
                factory.open(Settings.of(Map.of(), null, service), URI.create("http://localhost:" + server.port()))) {
            return look.look(Duration.ofSeconds(10));
        }
    }

    @Test
    void serverAsAWhole_isAskedWithoutAService() throws Exception {
        try (HealthServer server = new HealthServer()) {
            Sight sight = lookAt(server, "");
            assertThat(sight.healthy()).isTrue();
            assertThat(sight.slot()).isNull();
            assertThat(sight.latency()).isPositive();
            assertThat(sight.details()).isEqualTo("SERVING");
        }
    }

    @ParameterizedTest
    @CsvSource({"SERVING, true", "NOT_SERVING, false", "SERVICE_UNKNOWN, false", "UNKNOWN, false"})
    void onlyServing_isHealthy(ServingStatus status, boolean healthy) throws Exception {
        try (HealthServer server = new HealthServer()) {
            server.health.setStatus("geyser.Geyser", status);
            Sight sight = lookAt(server, "geyser.Geyser");
            assertThat(sight.healthy()).isEqualTo(healthy);
            assertThat(sight.details()).isEqualTo(status.name());
        }
    }

    @Test
    void unknownService_isNotHealthy() throws Exception {
        try (HealthServer server = new HealthServer()) {
            assertThat(lookAt(server, "no.Such")).isEqualTo(Sight.unhealthy("NOT_FOUND: unknown service no.Such"));
        }
    }

    @Test
    void serverWithoutHealthService_isNotHealthy() throws Exception {
        try (GeyserServer server = GeyserServer.answering(1);
                Look look = factory.open(Settings.plain(), URI.create(server.address()))) {
            assertThat(look.look(Duration.ofSeconds(10)))
                    .isEqualTo(Sight.unhealthy("UNIMPLEMENTED: the server does not offer this service"));
        }
    }
}
