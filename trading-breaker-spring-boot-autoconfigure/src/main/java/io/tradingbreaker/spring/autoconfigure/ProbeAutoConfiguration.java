package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.RecoveryScheduler;
import io.tradingbreaker.spring.probe.ConfiguredProbes;
import io.tradingbreaker.spring.probe.HttpLooks;
import io.tradingbreaker.spring.probe.LookFactory;
import io.tradingbreaker.spring.probe.ProbeHttp;
import io.tradingbreaker.spring.probe.SlotSource;
import io.tradingbreaker.spring.probe.SolanaRpcLooks;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The health probes that are set by property, and what they need for HTTP. */
@AutoConfiguration(after = TradingBreakerAutoConfiguration.class)
@ConditionalOnSwitch("trading-breaker.enabled")
@ConditionalOnBean({BreakerRegistry.class, TradingBreakerProperties.class})
public final class ProbeAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ProbeHttp tradingBreakerProbeHttp() {
        return new ProbeHttp();
    }

    @Bean
    @ConditionalOnMissingBean
    HttpLooks tradingBreakerHttpLooks(ProbeHttp http) {
        return new HttpLooks(http);
    }

    @Bean
    @ConditionalOnMissingBean
    SolanaRpcLooks tradingBreakerSolanaRpcLooks(ProbeHttp http) {
        return new SolanaRpcLooks(http);
    }

    @Bean
    @ConditionalOnMissingBean(name = "configuredProbes")
    ConfiguredProbes configuredProbes(
            BreakerRegistry registry,
            TradingBreakerProperties properties,
            ObjectProvider<LookFactory> factories,
            ObjectProvider<SlotSource> slotSources,
            RecoveryScheduler scheduler,
            BreakerClock clock) {
        MergedProbes merged =
                new MergedProbes(properties, factories.orderedStream().toList());
        return new ConfiguredProbes(
                registry, merged::open, slotSources.orderedStream().toList(), scheduler, clock);
    }
}
