package io.tradingbreaker.sample.jupiter;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.sample.node.HttpClients;
import io.tradingbreaker.sample.node.NodeException;
import io.tradingbreaker.sample.solana.Token;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.web.client.RestClient;

/** The client of the quote service. */
@Configuration(proxyBeanMethods = false)
class JupiterConfiguration {

    private static final Logger log = LoggerFactory.getLogger(JupiterConfiguration.class);
    private static final int WARM_UP_ROUNDS = 8;

    @Bean
    @DependsOn("simulator")
    JupiterClient jupiterClient(JupiterProperties properties, HttpClients clients, BreakerRegistry breakers) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (URI url : properties.urls()) {
            String breaker = "quotes-" + (char) ('a' + endpoints.size());
            Endpoint endpoint = new Endpoint(breakers.breaker(breaker), http(properties, clients, url));
            warmUp(endpoint);
            endpoints.add(endpoint);
        }
        return new JupiterClient(new Endpoints(endpoints));
    }

    private static RestClient http(JupiterProperties properties, HttpClients clients, URI url) {
        RestClient http = clients.client(url, properties.connectTimeout(), properties.readTimeout());
        String key = properties.apiKey();
        return key == null || key.isBlank()
                ? http
                : http.mutate().defaultHeader(properties.apiKeyHeader(), key).build();
    }

    /** Some calls that no breaker measures: the first ones of a fresh JVM are slow, and no endpoint is to blame. */
    private static void warmUp(Endpoint endpoint) {
        String quote = "/swap/v1/quote?inputMint={in}&outputMint={out}&amount=1000000";
        NodeException failure = null;
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            try {
                HttpClients.call(
                        endpoint.breaker().name(),
                        () -> endpoint.http()
                                .get()
                                .uri(quote, Token.USDC.mint(), Token.SOL.mint())
                                .retrieve()
                                .body(String.class));
                failure = null;
            } catch (NodeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            log.warn("A quote service does not answer yet: {}", failure.getMessage());
        }
    }
}
