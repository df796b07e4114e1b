package io.tradingbreaker.spring.autoconfigure;

import org.springframework.core.convert.converter.Converter;

/** Lets a breaker be declared without limits of its own: {@code node:} in YAML arrives as blank text. */
final class BlankBreakerConverter implements Converter<String, TradingBreakerProperties.Breaker> {

    @Override
    public TradingBreakerProperties.Breaker convert(String text) {
        if (!text.isBlank()) {
            throw new IllegalArgumentException("a breaker's limits must be set one by one, by their names");
        }
        return TradingBreakerProperties.Breaker.EMPTY;
    }
}
