package io.tradingbreaker.sample.node;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.sample.simulator.SimulatedNode;
import io.tradingbreaker.sample.simulator.SimulatorProperties;
import java.io.IOException;
import java.net.URI;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The simulated node, and the clients that call it or another one. */
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {

    @Bean(destroyMethod = "close")
    SimulatedNode simulatedNode(SimulatorProperties properties) throws IOException {
        return new SimulatedNode(properties.port());
    }

    @Bean
    NodeHttp nodeHttp(NodeProperties properties, SimulatedNode simulator) {
        return new NodeHttp(
                url(properties, simulator),
                properties.connectTimeout(),
                properties.readTimeout(),
                properties.maxCalls());
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

    private static URI url(NodeProperties properties, SimulatedNode simulator) {
        URI url = properties.url();
        return url == null ? simulator.uri() : url;
    }
}
