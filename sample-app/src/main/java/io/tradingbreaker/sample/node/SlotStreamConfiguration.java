package io.tradingbreaker.sample.node;

import io.grpc.ClientInterceptor;
import io.tradingbreaker.sample.simulator.Simulator;
import io.tradingbreaker.spring.probe.SlotSource;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The node's slots as a stream. */
@Configuration(proxyBeanMethods = false)
class SlotStreamConfiguration {

    @Bean(destroyMethod = "close")
    SlotStream slotStream(NodeProperties properties, Simulator simulator, ObjectProvider<ClientInterceptor> guards) {
        URI url = url(properties, simulator);
        List<ClientInterceptor> all = guards.orderedStream().toList();
        return new SlotStream(
                url == null ? null : GeyserChannel.to(url, properties.grpcToken(), all), properties.streamTimeout());
    }

    @Bean
    StreamedSlot streamedSlot(
            SlotStream stream, @Qualifier("referenceSlot") SlotSource reference, NodeProperties properties) {
        return new StreamedSlot(stream, reference, properties.maxStreamLag());
    }

    private static @Nullable URI url(NodeProperties properties, Simulator simulator) {
        URI url = properties.grpcUrl();
        if (url != null && !url.toString().isBlank()) {
            return url;
        }
        return simulator.nodes().contains(properties.url()) ? simulator.geyser() : null;
    }
}
