package io.tradingbreaker.spring.autoconfigure;

import io.tradingbreaker.BreakerRegistry;
import io.tradingbreaker.Intent;
import io.tradingbreaker.TradingPausedException;
import io.tradingbreaker.spring.aop.Instrument;
import io.tradingbreaker.spring.aop.LatencyGuarded;
import io.tradingbreaker.spring.aop.Quantity;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.context.annotation.Bean;

/** Beans with which no application may start, or only with the right settings. */
final class BadGuards {

    private BadGuards() {}

    static class OnPrivate {
        @LatencyGuarded
        @SuppressWarnings({"unused", "UnusedMethod"})
        private void buy() {}
    }

    static class OnStatic {
        @LatencyGuarded
        static void buy() {}
    }

    static class OnFinal {
        @LatencyGuarded
        public final void buy() {}
    }

    @LatencyGuarded
    static final class OnFinalClass {
        public void buy() {}
    }

    @LatencyGuarded
    record OnRecord() {
        public void buy() {}
    }

    @LatencyGuarded
    static class FinalMethodOfGuardedClass {
        public final void buy() {}
    }

    static class KeyThatIsNone {
        @LatencyGuarded(key = "#host.")
        public void buy(String host) {}
    }

    static class KeyOfAnotherMethod {
        @LatencyGuarded(key = "#endpoint.host")
        public void buy(String host) {}
    }

    static class KeyWithPlaceholder {
        @LatencyGuarded(key = "'${desk.region}' + #host")
        public void buy(String host) {}
    }

    static class FallbackMissing {
        @LatencyGuarded(fallback = "gone")
        public String buy(String what) {
            return what;
        }
    }

    static class FallbackWithOtherParameters {
        @LatencyGuarded(fallback = "later")
        public String buy(String what) {
            return what;
        }

        @SuppressWarnings("unused")
        private String later(Integer other, TradingPausedException refusal) {
            throw new IllegalStateException(String.valueOf(other), refusal);
        }
    }

    static class FallbackWithOtherReturnType {
        @LatencyGuarded(fallback = "later")
        public String buy() {
            return "";
        }

        Object later() {
            return "";
        }
    }

    static class FallbackOverloadWithOtherReturnType {
        @LatencyGuarded(fallback = "buy")
        public String buy(String what) {
            return what;
        }

        @SuppressWarnings("unused")
        private Object buy(String what, TradingPausedException refusal) {
            throw new IllegalStateException(what, refusal);
        }
    }

    @LatencyGuarded(fallback = "later")
    static class FallbackGuardedItself {
        public String buy() {
            return "";
        }

        public String later() {
            return "";
        }
    }

    static class MarksOfRisk {
        @LatencyGuarded
        public void buy(@Quantity long lots, @Instrument String symbol) {}
    }

    static class MarkOfQuantityAlone {
        @LatencyGuarded(intent = Intent.REDUCE)
        public void sell(@Quantity long lots, String symbol) {}
    }

    static class MarkOfTwoQuantities {
        @LatencyGuarded(intent = Intent.REDUCE)
        public void sell(@Quantity long lots, @Quantity long more, @Instrument String symbol) {}
    }

    static class MarkOfText {
        @LatencyGuarded(intent = Intent.REDUCE)
        public void sell(@Quantity String lots, @Instrument String symbol) {}
    }

    static class MarkOfArray {
        @LatencyGuarded(intent = Intent.REDUCE)
        public void sell(@Quantity long lots, @Instrument byte[] mint) {}
    }

    static class PlaceholderWithoutValue {
        @LatencyGuarded("${desk.breaker}")
        public void buy() {}
    }

    static class MalformedName {
        @LatencyGuarded("Node_1")
        public void buy() {}
    }

    static class OtherDashes {
        @LatencyGuarded("jupiterquote")
        public void buy() {}
    }

    static class Typo {
        @LatencyGuarded("nodee")
        public void buy() {}
    }

    static class AsksInCode {
        @Bean
        Object client(BreakerRegistry registry) {
            return registry.breaker("typo");
        }
    }

    static class SetsNegativeWindow {
        @Bean
        BreakerConfigCustomizer negativeWindow() {
            return (name, builder) -> {
                if (name.equals("node")) {
                    builder.windowSize(-5);
                }
            };
        }
    }

    static class SetsUnknownParent {
        @Bean
        BreakerConfigCustomizer unknownParent() {
            return (name, builder) -> {
                if (name.equals("node")) {
                    builder.parent("venu");
                }
            };
        }
    }

    static class Database {
        @Bean
        DataSource orders() {
            return new JdbcDataSource();
        }
    }
}
