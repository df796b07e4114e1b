package io.tradingbreaker.sample.execution;

import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who executes orders.
 *
 * @param mode {@code paper} executes at the simulated node, {@code live} lets any node simulate Jupiter's swaps
 * @param submit whether a live trader also sends them; a dry run if not
 */
@ConfigurationProperties("execution")
public record ExecutionProperties(
        @DefaultValue("paper") Mode mode,
        @DefaultValue("false") boolean submit) {

    /** The two traders. */
    public enum Mode {
        PAPER,
        LIVE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
