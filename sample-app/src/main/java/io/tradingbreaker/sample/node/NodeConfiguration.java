package io.tradingbreaker.sample.node;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.sample.simulator.Simulator;
import io.tradingbreaker.sample.simulator.SimulatorProperties;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/** The simulator, and the clients that call its node or another one. */
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {

    private static final Logger log = LoggerFactory.getLogger(NodeConfiguration.class);
    private static final int WARM_UP_ROUNDS = 8;

    @Bean(destroyMethod = "close")
    Simulator simulator(SimulatorProperties properties) throws IOException {
        return new Simulator(properties);
    }

    @Bean
    HttpClients httpClients(ObjectProvider<RestClient.Builder> builders) {
        return new HttpClients(builders::getObject);
    }

    @Bean
    SolanaNode solanaNode(NodeProperties properties, Simulator simulator, HttpClients clients) {
        URI url = urls(properties, simulator).get(0);
        SolanaNode node = new SolanaNode(new RpcClient(
                clients.client(url, properties.connectTimeout(), properties.readTimeout()), properties.maxCalls()));
        warmUp(node);
        return node;
    }

    /** Has connections of its own, so that trading calls that hang do not stand in its way. */
    @Bean
    SolanaHealthChecker solanaHealthChecker(
            NodeProperties properties, Simulator simulator, HttpClients clients, ObjectProvider<BreakerClock> clock) {
        NodeProperties.Health limits = properties.health();
        List<RpcClient> nodes = urls(properties, simulator).stream()
                .map(url -> new RpcClient(clients.client(url, limits.timeout(), limits.timeout()), 2))
                .toList();
        return new SolanaHealthChecker(nodes, limits, clock.getIfAvailable(BreakerClock::system));
    }

    /** Some calls that no breaker measures: the first ones of a fresh JVM are slow, and the node is not to blame. */
    private static void warmUp(SolanaNode node) {
        try {
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                node.latestBlockhash();
            }
        } catch (NodeException e) {
            log.warn("The node does not answer yet: {}", e.getMessage());
        }
    }

    private static List<URI> urls(NodeProperties properties, Simulator simulator) {
        return properties.urls().isEmpty() ? simulator.nodes() : properties.urls();
    }
}
