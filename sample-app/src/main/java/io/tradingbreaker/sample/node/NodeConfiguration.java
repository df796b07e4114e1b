package io.tradingbreaker.sample.node;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.sample.simulator.SimulatedNode;
import io.tradingbreaker.sample.simulator.SimulatorProperties;
import io.tradingbreaker.sample.solana.Token;
import java.io.IOException;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The simulated node, and the clients that call it or another one. */
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {

    private static final Logger log = LoggerFactory.getLogger(NodeConfiguration.class);
    private static final int WARM_UP_ROUNDS = 8;

    @Bean(destroyMethod = "close")
    SimulatedNode simulatedNode(SimulatorProperties properties) throws IOException {
        return new SimulatedNode(properties.port());
    }

    @Bean
    NodeHttp nodeHttp(NodeProperties properties, SimulatedNode simulator) {
        NodeHttp http = new NodeHttp(
                url(properties, simulator),
                properties.connectTimeout(),
                properties.readTimeout(),
                properties.maxCalls());
        warmUp(http);
        return http;
    }

    @Bean
    QuoteService quoteService(NodeHttp nodeHttp) {
        return new JupiterQuotes(nodeHttp);
    }

    @Bean
    SolanaNode solanaNode(NodeHttp nodeHttp) {
        return new RpcSolanaNode(nodeHttp);
    }

    /** Has a connection of its own, so that trading calls that hang do not stand in its way. */
    @Bean
    SolanaHealthChecker solanaHealthChecker(
            NodeProperties properties, SimulatedNode simulator, ObjectProvider<BreakerClock> clock) {
        NodeProperties.Health limits = properties.health();
        NodeHttp http = new NodeHttp(url(properties, simulator), limits.timeout(), limits.timeout(), 2);
        return new SolanaHealthChecker(http, limits, clock.getIfAvailable(BreakerClock::system));
    }

    /** Some calls that no breaker measures: the first ones of a fresh JVM are slow, and the node is not to blame. */
    private static void warmUp(NodeHttp http) {
        QuoteService quotes = new JupiterQuotes(http);
        SolanaNode node = new RpcSolanaNode(http);
        try {
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                quotes.toBuy(Token.SOL, 1_000_000);
                node.latestBlockhash();
            }
        } catch (NodeException e) {
            log.warn("The node does not answer yet: {}", e.getMessage());
        }
    }

    private static URI url(NodeProperties properties, SimulatedNode simulator) {
        URI url = properties.url();
        return url == null ? simulator.uri() : url;
    }
}
