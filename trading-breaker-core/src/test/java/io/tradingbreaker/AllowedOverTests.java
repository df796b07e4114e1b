package io.tradingbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The count decides as the sorted array does. */
class AllowedOverTests {

    private static AllowedOver of(double percentile, Double confidence) {
        return new AllowedOver(BreakerConfig.DEFAULT.with(c ->
                c.percentile(percentile).confidence(confidence).windowSize(5000).minimumSamples(1)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 1, 50, 90, 95, 99, 99.5, 99.9, 99.999, 100})
    void randomWindows_agreeWithTheSortedArray(double percentile) {
        AllowedOver allowed = of(percentile, null);
        Random random = new Random(42);
        for (int round = 0; round < 2_000; round++) {
            int n = 1 + random.nextInt(round < 1_900 ? 300 : 5_000);
            double share = random.nextDouble() * 0.05;
            long[] samples =
                    random.doubles(n).mapToLong(d -> d < share ? 201 : 200).toArray();
            long over = Arrays.stream(samples).filter(s -> s > 200).count();
            Arrays.sort(samples);
            // ⌈p·n/100⌉ with exact decimals
            int rank = new java.math.BigDecimal(Double.toString(percentile))
                    .multiply(java.math.BigDecimal.valueOf(n))
                    .divide(java.math.BigDecimal.valueOf(100), 0, java.math.RoundingMode.CEILING)
                    .intValueExact();
            boolean isOver = samples[rank - 1] > 200;
            assertThat(over > allowed.of(n)).as("n = %d, over = %d", n, over).isEqualTo(isOver);
        }
    }

    @Test
    void nineteenFastAndOneSlow_isOver_ninetyNineFastAndOneSlow_isNot() {
        assertThat(of(99, null).of(20)).isZero();
        assertThat(of(99, null).of(100)).isEqualTo(1);
    }

    @Test
    void confidence_agreesWithTheBinomialTailSummedUp() {
        for (double c : new double[] {0.9, 0.99, 0.999, 0.999999}) {
            AllowedOver allowed = of(99, c);
            for (int m : new int[] {1, 2, 50, 100, 300, 999, 1000, 5000}) {
                int k = 0;
                double tail = 1 - probability(m, 0);
                while (tail > 1 - c) {
                    k++;
                    tail -= probability(m, k);
                }
                assertThat(allowed.of(m)).as("m = %d, c = %s", m, c).isEqualTo(Math.max(k, m - (99 * m + 99) / 100));
            }
        }
    }

    @Test
    void tailThatIsExactlyWhatConfidenceLeaves_isNotOverIt() {
        // Half of the 2^7 and 2^13 equally likely windows have more than 3 and 6 over.
        assertThat(of(50, 0.5).of(7)).isEqualTo(3);
        assertThat(of(50, 0.5).of(13)).isEqualTo(6);
    }

    private static double probability(int m, int k) {
        double p = Math.pow(0.99, m);
        for (int i = 1; i <= k; i++) {
            p *= (double) (m - i + 1) / i * 0.01 / 0.99;
        }
        return p;
    }
}
