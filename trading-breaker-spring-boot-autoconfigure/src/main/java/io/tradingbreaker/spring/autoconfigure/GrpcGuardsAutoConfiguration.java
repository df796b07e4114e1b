package io.tradingbreaker.spring.autoconfigure;

import io.grpc.ClientInterceptor;
import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.spring.grpc.GrpcGuard;
import io.tradingbreaker.spring.grpc.GrpcGuardInterceptor;
import io.tradingbreaker.spring.grpc.GrpcGuards;
import io.tradingbreaker.spring.grpc.GrpcStatusClassifier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.client.GlobalClientInterceptor;

/** The guards of gRPC calls. With Spring gRPC they are in force on all its channels; others take the interceptor by hand. */
@AutoConfiguration(after = TradingBreakerAutoConfiguration.class)
@ConditionalOnClass(ClientInterceptor.class)
@ConditionalOnSwitch({"trading-breaker.enabled", "trading-breaker.grpc.enabled"})
@Conditional(OnGrpcGuardsCondition.class)
public final class GrpcGuardsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    static GrpcGuards tradingBreakerGrpcGuards(
            TradingBreakerProperties properties, ObjectProvider<BreakerRegistry> registry) {
        return new GrpcGuards(
                properties.grpc().guards().stream()
                        .map(guard -> new GrpcGuard(
                                guard.method(),
                                guard.authority(),
                                guard.breaker().isBlank() ? BreakerRegistry.DEFAULT_NAME : guard.breaker(),
                                guard.intent(),
                                guard.ignoredStatus()))
                        .toList(),
                registry::getObject);
    }

    /** Innermost: what an application's interceptors do is outside. */
    @Bean
    @ConditionalOnMissingBean
    @GlobalClientInterceptor
    @Order(Ordered.LOWEST_PRECEDENCE)
    static GrpcGuardInterceptor tradingBreakerGrpcInterceptor(GrpcGuards guards) {
        return new GrpcGuardInterceptor(guards);
    }

    @Bean
    @ConditionalOnMissingBean
    @Order(Ordered.LOWEST_PRECEDENCE)
    static GrpcStatusClassifier tradingBreakerGrpcStatuses(GrpcGuards guards) {
        return new GrpcStatusClassifier(guards);
    }
}
