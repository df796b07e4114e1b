package io.tradingbreaker.sample.execution;

import io.tradingbreaker.sample.jupiter.SwapService;
import io.tradingbreaker.sample.node.NodeProperties;
import io.tradingbreaker.sample.node.Polled;
import io.tradingbreaker.sample.node.SolanaNode;
import io.tradingbreaker.sample.node.SolanaNode.Blockhash;
import io.tradingbreaker.sample.simulator.Simulator;
import io.tradingbreaker.sample.solana.Keypair;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The trader of {@code execution.mode}, and its key, which lives as long as the process. The trader is declared by its class:
 * ahead of time, its guards are checked and its proxy is made by what is declared.
 */
@Configuration(proxyBeanMethods = false)
class ExecutionConfiguration {

    private static final Logger log = LoggerFactory.getLogger(ExecutionConfiguration.class);

    @Bean
    Keypair keypair() {
        return Keypair.generate();
    }

    /** Executes at the simulator, which is all that its memos may be sent to. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "execution.mode", havingValue = "paper", matchIfMissing = true)
    static class Paper {

        @Bean
        PaperTrader trader(SolanaNode node, NodeProperties properties, Simulator simulator) {
            if (!simulator.nodes().contains(properties.url())) {
                throw new IllegalStateException(
                        "execution.mode=paper executes at the simulated node: leave solana.url alone, or set execution.mode=live");
            }
            return new PaperTrader(node);
        }

        @Bean
        Polled<Blockhash> recentBlockhash(SolanaNode node) {
            return new Polled<>("blockhash", Duration.ofSeconds(1), node::latestBlockhash);
        }

        @Bean
        Transactions transactions(Keypair key, Polled<Blockhash> blockhash) {
            return new PaperTransactions(key, blockhash);
        }
    }

    /** A dry run unless {@code execution.submit} is set. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "execution.mode", havingValue = "live")
    static class Live {

        @Bean
        LiveTrader trader(SolanaNode node, ExecutionProperties properties) {
            if (properties.submit()) {
                log.warn("execution.submit is on: transactions are sent to the node, not only simulated");
            }
            return new LiveTrader(node, properties.submit());
        }

        @Bean
        Transactions transactions(Keypair key, SwapService swaps) {
            return new LiveTransactions(key, swaps);
        }
    }
}
