package io.tradingbreaker.spring.probe.grpc;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A gRPC server on loopback with gRPC's own health service and no other. */
final class HealthServer implements AutoCloseable {

    final HealthStatusManager health = new HealthStatusManager();
    private final Server server;

    HealthServer() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addService(health.getHealthService())
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        GeyserServer.stop(server);
    }
}
