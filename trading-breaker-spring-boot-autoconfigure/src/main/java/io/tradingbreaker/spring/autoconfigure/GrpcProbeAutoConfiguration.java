package io.tradingbreaker.spring.autoconfigure;

import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.spring.probe.LookFactory;
import io.tradingbreaker.spring.probe.grpc.GrpcHealthLookFactory;
import io.tradingbreaker.spring.probe.grpc.YellowstoneLookFactory;
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
    @ConditionalOnMissingBean(name = "grpcHealthLookFactory")
    LookFactory grpcHealthLookFactory(BreakerClock clock) {
        return new GrpcHealthLookFactory(clock);
    }

    @Bean
    @ConditionalOnMissingBean(name = "yellowstoneLookFactory")
    LookFactory yellowstoneLookFactory(BreakerClock clock) {
        return new YellowstoneLookFactory(clock);
    }
}
