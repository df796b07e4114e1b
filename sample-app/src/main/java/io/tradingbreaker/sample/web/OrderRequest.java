package io.tradingbreaker.sample.web;

import io.tradingbreaker.sample.jupiter.Side;
import io.tradingbreaker.sample.solana.Token;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An order as it comes in; nothing of it is trusted.
 *
 * @param limit the worst acceptable price in dollars; absent takes the market's
 */
record OrderRequest(
        @Nullable String symbol,
        @Nullable String side,
        @Nullable BigDecimal quantity,
        @Nullable BigDecimal limit) {

    private static final BigDecimal MOST = new BigDecimal(1_000_000);
    private static final int PRICE_DECIMALS = 9;

    Token token() {
        return one("symbol", symbol, Token.TRADED);
    }

    Side parsedSide() {
        return one("side", side, Arrays.asList(Side.values()));
    }

    long units() {
        Token token = token();
        BigDecimal amount = positive("quantity", quantity, token.decimals());
        if (amount == null) {
            throw new InvalidOrderException("quantity is missing");
        }
        return token.units(amount);
    }

    @Nullable
    BigDecimal checkedLimit() {
        return positive("limit", limit, PRICE_DECIMALS);
    }

    private static <T> T one(String field, @Nullable String text, List<T> allowed) {
        Optional<T> found =
                allowed.stream().filter(value -> value.toString().equals(text)).findFirst();
        return found.orElseThrow(() -> new InvalidOrderException(field + " must be one of " + allowed));
    }

    // Precision and scale first: 1e999999999 must not be written out.
    private static @Nullable BigDecimal positive(String field, @Nullable BigDecimal value, int decimals) {
        if (value == null) {
            return null;
        }
        boolean isShort = value.scale() <= 30 && value.scale() >= -6 && value.precision() <= 40;
        if (!isShort
                || value.signum() <= 0
                || value.compareTo(MOST) > 0
                || value.stripTrailingZeros().scale() > decimals) {
            throw new InvalidOrderException(
                    field + " must be over 0, at most " + MOST + ", with at most " + decimals + " decimals");
        }
        return value;
    }

    /** The order makes no sense. */
    static final class InvalidOrderException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        InvalidOrderException(String message) {
            super(message);
        }
    }
}
