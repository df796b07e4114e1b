package io.tradingbreaker.spring.probe.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannelProvider;
import io.grpc.ManagedChannelRegistry;
import io.tradingbreaker.BreakerClock;
import io.tradingbreaker.InvalidConfigException;
import io.tradingbreaker.spring.probe.ProbeSettings;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What gRPC cannot do stops the start, and shows no secret. */
class GrpcSettingsTests {

    private static InvalidConfigException refusal(ProbeSettings settings, String endpoint) {
        return catchThrowableOfType(
                InvalidConfigException.class,
                () -> new YellowstoneLooks(BreakerClock.system())
                        .open(settings, URI.create(endpoint))
                        .close());
    }

    private static @Nullable InvalidConfigException refusal(ProbeSettings settings) {
        return refusal(settings, "http://localhost:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://node:1",
                "https://node:10000/s3cret",
                "https://s3cret@node:10000",
                "https://node:10000?key=s3cret",
                "https://node:10000/#s3cret"
            })
    void endpointWithMoreThanHostAndPort_isRefusedWithoutShowingIt(String endpoint) {
        assertThat(refusal(Settings.plain(), endpoint))
                .hasMessageContaining("probe.endpoints is ")
                .hasMessageContaining("://node:1")
                .hasMessageContaining("must be http:// or https://")
                .message()
                .doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://node", "https://node", "HTTPS://node:443/", "http://[::1]:10000"})
    void endpointOfSchemeAndHost_isEnough(String endpoint) {
        assertThat(refusal(Settings.plain(), endpoint)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-key-bin", "x-key!"})
    void headerThatIsNoMetadata_isRefusedWithoutItsValue(String name) {
        assertThat(refusal(Settings.of(Map.of(name, "s3cret"), null, "")))
                .hasMessageStartingWith("probe.headers is not shown, but must have names that gRPC can carry")
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void grpcWithoutATransport_isRefused() {
        ManagedChannelRegistry registry = ManagedChannelRegistry.getDefaultRegistry();
        Deque<ManagedChannelProvider> removed = new ArrayDeque<>();
        try {
            while (true) {
                ManagedChannelProvider provider = ManagedChannelProvider.provider();
                registry.deregister(provider);
                removed.add(provider);
            }
        } catch (ManagedChannelProvider.ProviderNotFoundException e) {
            assertThat(refusal(Settings.plain()))
                    .hasMessage(
                            "probe.type is yellowstone, but must have one of gRPC's transports on the class path, such as io.grpc:grpc-netty");
        } finally {
            removed.forEach(registry::register);
        }
        assertThat(removed).isNotEmpty();
    }
}
