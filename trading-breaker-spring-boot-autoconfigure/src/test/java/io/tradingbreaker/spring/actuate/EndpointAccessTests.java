package io.tradingbreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.BreakerState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

class EndpointAccessTests {

    private static final String EXPOSED = "--management.endpoints.web.exposure.include=circuitbreaker";

    @ParameterizedTest
    @ValueSource(strings = {"servlet", "reactive"})
    void withoutExposure_thereIsNoEndpoint(String type) throws Exception {
        try (ConfigurableApplicationContext context = run(type)) {
            assertThat(HttpAnswer.get(port(context), "/circuitbreaker").status())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"servlet", "reactive"})
    void byDefault_readsAreAllowedAndWritesAre405(String type) throws Exception {
        try (ConfigurableApplicationContext context = run(type, EXPOSED)) {
            assertThat(HttpAnswer.get(port(context), "/circuitbreaker/node").status())
                    .isEqualTo(200);
            for (String path : new String[] {"/circuitbreaker", "/circuitbreaker/node"}) {
                assertThat(HttpAnswer.post(port(context), path, "{\"action\": \"halt\"}")
                                .status())
                        .isEqualTo(405);
            }
            assertThat(context.getBean(BreakerRegistry.class).breakers())
                    .allMatch(breaker -> breaker.state() == BreakerState.CLOSED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--trading-breaker.enabled=false", "--management.endpoint.circuitbreaker.access=none"})
    void switchedOff_thereIsNoEndpoint(String property) throws Exception {
        try (ConfigurableApplicationContext context = run("servlet", EXPOSED, property)) {
            assertThat(HttpAnswer.get(port(context), "/circuitbreaker").status())
                    .isEqualTo(404);
        }
    }

    private static ConfigurableApplicationContext run(String type, String... properties) {
        return new SpringApplicationBuilder(EndpointApplication.class)
                .properties("server.port=0", "server.address=127.0.0.1", "spring.main.web-application-type=" + type)
                .run(properties);
    }

    private static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }
}
