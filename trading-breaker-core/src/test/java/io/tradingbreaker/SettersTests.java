package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Builders, and figures as people read them. */
class SettersTests {

    @Test
    void everySetter_returnsItsBuilder() {
        BreakerConfigBuilder builder = BreakerConfig.builder();
        assertThat(builder.mode(BreakerMode.OBSERVE)).isSameAs(builder);
        assertThat(builder.errorRateThreshold(0.25)).isSameAs(builder);
        assertThat(builder.samplingRate(0.5)).isSameAs(builder);
        assertThat(builder.pass(Set.of(Intent.CANCEL))).isSameAs(builder);
        assertThat(builder.recordExceptions(List.of(Error.class))).isSameAs(builder);
        BreakerConfig config = builder.build();
        assertThat(config.mode()).isEqualTo(BreakerMode.OBSERVE);
        assertThat(config.errorRateThreshold()).isEqualTo(0.25);
        assertThat(config.samplingRate()).isEqualTo(0.5);
        assertThat(config.pass()).containsExactly(Intent.CANCEL);
        assertThat(config.recordExceptions()).containsExactly(Error.class);
    }

    @Test
    void stallCheckInterval_hasLimits() {
        BreakerRegistryBuilder builder = BreakerRegistry.builder();
        assertThat(builder.stallCheckInterval(Duration.ofMillis(5))).isSameAs(builder);
        assertThat(builder.stallCheckInterval(Duration.ofSeconds(1))).isSameAs(builder);
        assertThatThrownBy(() -> builder.stallCheckInterval(Duration.ofMillis(4)))
                .isInstanceOf(InvalidConfigException.class);
        assertThatThrownBy(() -> builder.stallCheckInterval(Duration.ofMillis(1_001)))
                .isInstanceOf(InvalidConfigException.class);
    }

    @Test
    void durations_areSpelledAsInYaml() {
        assertThat(List.of(0L, 200L, 1_500L, 30_000L, 90_000L, 300_000L, 7_200_000L, 172_800_000L))
                .extracting(millis -> Text.duration(Duration.ofMillis(millis)))
                .containsExactly("0", "200ms", "1500ms", "30s", "90s", "5m", "2h", "2d");
        assertThat(Text.duration(Duration.ofNanos(200_001_000))).isEqualTo("200.001ms");
    }

    @Test
    void exceptions_areNamed_evenIfTheyCannotDescribeThemselves() {
        assertThat(Text.of(new IllegalStateException("down"))).isEqualTo("java.lang.IllegalStateException: down");
        assertThat(Text.of(new Speechless())).isEqualTo(Speechless.class.getName());
    }

    private static final class Speechless extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException();
        }
    }
}
