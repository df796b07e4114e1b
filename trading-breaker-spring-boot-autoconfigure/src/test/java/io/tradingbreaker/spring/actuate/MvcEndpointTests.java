package io.tradingbreaker.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(
        classes = EndpointApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "spring.main.web-application-type=servlet",
            "management.endpoints.web.exposure.include=circuitbreaker",
            "management.endpoint.circuitbreaker.access=unrestricted",
        })
class MvcEndpointTests extends AbstractEndpointTests {

    // On WebFlux Boot knows a login through Spring Security only.
    @Test
    void login_beatsTheActorOfTheBody() throws Exception {
        HttpAnswer answer = post(
                "/circuitbreaker/node",
                "{\"action\": \"halt\", \"actor\": \"mallory\"}",
                EndpointApplication.USER,
                "bob");

        assertThat(answer.latestTransition()).containsEntry("actor", "bob");
    }
}
