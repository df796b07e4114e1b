package io.tradingbreaker.sample.solana;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A token with its mint address. Amounts are counted in its smallest unit; money is counted in {@link #USDC}. */
public enum Token {
    USDC("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", 6),
    SOL("So11111111111111111111111111111111111111112", 9),
    JUP("JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSZbKedZNsDvCN", 6);

    /** What is traded against {@link #USDC}. */
    public static final List<Token> TRADED = List.of(SOL, JUP);

    private final String mint;
    private final int decimals;

    Token(String mint, int decimals) {
        this.mint = mint;
        this.decimals = decimals;
    }

    public static Optional<Token> ofMint(String mint) {
        return Arrays.stream(values()).filter(token -> token.mint.equals(mint)).findFirst();
    }

    public String mint() {
        return mint;
    }

    public int decimals() {
        return decimals;
    }

    /**
     * The amount in smallest units.
     *
     * @throws ArithmeticException if it has too many decimals or is too large for a long
     */
    public long units(BigDecimal amount) {
        return amount.movePointRight(decimals).longValueExact();
    }

    /** Smallest units as an amount, without trailing zeros. */
    public BigDecimal amount(long units) {
        BigDecimal amount = BigDecimal.valueOf(units, decimals).stripTrailingZeros();
        return amount.scale() < 0 ? amount.setScale(0) : amount;
    }
}
