package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.spring.autoconfigure.TradingBreakerProperties.Grpc;

/** Matches where gRPC calls are to be guarded. */
final class OnGrpcGuardsCondition extends OnGuardsCondition<Grpc> {

    OnGrpcGuardsCondition() {
        super("gRPC", "trading-breaker.grpc", Grpc.class, grpc -> !grpc.guards().isEmpty());
    }
}
