package io.tradingbreaker.sample.node;

import io.tradingbreaker.Outcome;
import io.tradingbreaker.OutcomeClassifier;
import io.tradingbreaker.sample.simulator.Simulator;
import io.tradingbreaker.sample.simulator.SimulatorProperties;
import io.tradingbreaker.spring.probe.SlotSource;
import java.io.IOException;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
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
    @DependsOn("simulator")
    SolanaNode solanaNode(NodeProperties properties, HttpClients clients) {
        SolanaNode node = node(properties.url(), properties, clients);
        warmUp(node);
        return node;
    }

    /** The probe holds the node's slot against this one. */
    @Bean
    @DependsOn("simulator")
    SlotSource referenceSlot(NodeProperties properties, HttpClients clients) {
        URI url = properties.referenceUrl();
        if (url == null || url.toString().isBlank()) {
            return () -> -1;
        }
        return new ReferenceSlot(node(url, properties, clients));
    }

    /** Who asks too often learns nothing about the node: neither its health nor its latency. */
    @Bean
    OutcomeClassifier rateLimits() {
        return (breaker, result, error) -> error instanceof NodeBusyException ? Outcome.DISCARDED : null;
    }

    private static SolanaNode node(URI url, NodeProperties properties, HttpClients clients) {
        return new SolanaNode(new RpcClient(
                clients.client(url, properties.connectTimeout(), properties.readTimeout()), properties.maxCalls()));
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
}
