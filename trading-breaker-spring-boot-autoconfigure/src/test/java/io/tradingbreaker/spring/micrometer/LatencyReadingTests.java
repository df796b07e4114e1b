package io.tradingbreaker.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradingbreaker.LatencyMonitor;
import io.tradingbreaker.LatencyStatistics;
import io.tradingbreaker.spring.micrometer.LatencyReading.Quantile;
import org.junit.jupiter.api.Test;

class LatencyReadingTests {

    private final CountingMonitor monitor = new CountingMonitor();
    private final LatencyReading reading = new LatencyReading(monitor);

    @Test
    void oneScrape_asksForTheStatisticsOnce() {
        scrape();
        assertThat(monitor.asked).isEqualTo(1);

        scrape();
        assertThat(monitor.asked).isEqualTo(2);
    }

    @Test
    void sameQuantileAgain_isReadAnew() {
        reading.nanos(Quantile.P99);
        reading.nanos(Quantile.P99);

        assertThat(monitor.asked).isEqualTo(2);
    }

    private void scrape() {
        for (Quantile quantile : Quantile.values()) {
            reading.nanos(quantile);
        }
    }

    private static final class CountingMonitor implements LatencyMonitor {

        private int asked;

        @Override
        public LatencyStatistics statistics() {
            asked++;
            return LatencyStatistics.EMPTY;
        }

        @Override
        public WindowView window() {
            return new WindowView(0, 0, 0);
        }
    }
}
