package io.tradingbreaker.spring.autoconfigure;

import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.spring.probe.grpc.GrpcHealthLooks;
import io.tradingbreaker.spring.probe.grpc.YellowstoneLooks;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The probe types {@code grpc-health} and {@code yellowstone}, where gRPC is there. */
@AutoConfiguration(after = TradingBreakerAutoConfiguration.class)
@ConditionalOnClass({ManagedChannel.class, ClientCalls.class})
@ConditionalOnSwitch("trading-breaker.enabled")
public final class GrpcProbeAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    GrpcHealthLooks tradingBreakerGrpcHealthLooks(BreakerClock clock) {
        return new GrpcHealthLooks(clock);
    }

    @Bean
    @ConditionalOnMissingBean
    YellowstoneLooks tradingBreakerYellowstoneLooks(BreakerClock clock) {
        return new YellowstoneLooks(clock);
    }
}
