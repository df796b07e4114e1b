package io.tradingbreaker.spring.actuate;

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
class MvcOrderKeysTests extends AbstractOrderKeysTests {}
