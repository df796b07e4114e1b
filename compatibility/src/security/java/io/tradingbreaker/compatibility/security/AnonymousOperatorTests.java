package io.tradingbreaker.compatibility.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.compatibility.TradingApplication;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** A WebFlux application that lets everybody act: its anonymous principal vouches for nobody. */
@SpringBootTest(
        classes = {TradingApplication.class, AnonymousOperatorTests.Open.class, Users.class},
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.main.web-application-type=reactive",
            "management.endpoint.circuitbreaker.access=unrestricted"
        })
class AnonymousOperatorTests {

    private static final String NODE = "/actuator/circuitbreaker/node";

    @Autowired
    private BreakerRegistry registry;

    @Value("${local.server.port}")
    private int port;

    @Test
    void anonymous_isNoActor() throws Exception {
        assertThat(actorOf(null, "{\"action\": \"halt\"}")).isNull();
    }

    @Test
    void claimOfAnAnonymous_isUnverified() throws Exception {
        assertThat(actorOf(null, "{\"action\": \"halt\", \"actor\": \"alice\"}")).isEqualTo("alice (unverified)");
    }

    @Test
    void principal_isTheActor() throws Exception {
        assertThat(actorOf("operator", "{\"action\": \"halt\", \"actor\": \"alice\"}"))
                .isEqualTo("operator");
    }

    private Object actorOf(String user, String order) throws Exception {
        registry.reset("next test", null);
        return Caller.latestTransition(new Caller(port, user).post(NODE, order)).get("actor");
    }

    static class Open {

        @Bean
        SecurityWebFilterChain open(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().permitAll())
                    .anonymous(Customizer.withDefaults())
                    .httpBasic(Customizer.withDefaults())
                    .csrf(ServerHttpSecurity.CsrfSpec::disable)
                    .build();
        }
    }
}
