package io.tradingbreaker.spring.dashboard;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.test.ManualScheduler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application in virtual time whose dashboard is exposed; over real HTTP. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class DashboardApplication {

    static final String EXPOSED = "--management.endpoints.web.exposure.include=tradingdashboard,circuitbreaker";
    static final String WRITABLE = "--management.endpoint.circuitbreaker.access=unrestricted";

    @Bean
    ManualScheduler recoveryScheduler() {
        return new ManualScheduler();
    }

    @Bean
    BreakerClock breakerClock(ManualScheduler time) {
        return time.clock();
    }

    /** @param type servlet or reactive */
    static ConfigurableApplicationContext run(String type, String... arguments) {
        return new SpringApplicationBuilder(DashboardApplication.class)
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "spring.main.web-application-type=" + type,
                        "trading-breaker.breakers.venue.percentile=90",
                        "trading-breaker.breakers.node.parent=venue")
                .run(arguments);
    }

    static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    static HttpResponse<String> get(int port, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
        return HttpClient.newHttpClient()
                .send(
                        (headers.length == 0 ? request : request.headers(headers)).build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
