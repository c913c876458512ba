package io.github.phpdeploy.runtime.fpm;

import java.util.Optional;

import io.github.phpdeploy.runtime.Intent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FpmWayTest {

    private static FpmWay choose(String look) {
        return FpmWay.choose(
                FpmSettings.Strategy.AUTO,
                Intent.SWITCH,
                Optional.of(PoolLook.parse("{\"pid\":1,\"opcache\":true," + look + "}")),
                "/srv/shop");
    }

    @Test
    void unresolvedPathsNeedAReload() {
        FpmWay way = choose("'current':'b','linked':['public/index.php'],'releases':{'b':{'scripts':9,'hits':9}}");
        assertThat(way.kind()).isEqualTo(FpmWay.Kind.RELOAD);
        assertThat(way.why()).contains("/srv/shop/current/public/index.php");
        assertThat(way.isGuess()).isFalse();
    }

    @Test
    void resolvedPathsNeedNothing() {
        FpmWay way =
                choose("'current':'b','linked':[],'releases':{'a':{'scripts':1,'hits':3},'b':{'scripts':1,'hits':0}}");
        assertThat(way.kind()).isEqualTo(FpmWay.Kind.NOTHING);
        assertThat(way.why()).contains("/srv/shop/releases/a");
    }

    @Test
    void whatWeTriedOurselvesShowsNothing() {
        FpmWay way = choose("'current':'b','linked':[],'releases':{'b':{'scripts':1,'hits':0}}");
        assertThat(way.kind()).isEqualTo(FpmWay.Kind.RELOAD);
        assertThat(way.isGuess()).isTrue();
    }

    @Test
    void preloadedCodeNeedsAReload() {
        FpmWay way = choose("'current':'b','linked':[],'ini':{'opcache.preload':'/srv/shop/current/preload.php'},"
                + "'releases':{'b':{'scripts':9,'hits':9}}");
        assertThat(way.kind()).isEqualTo(FpmWay.Kind.RELOAD);
        assertThat(way.why()).contains("opcache.preload");
    }

    @Test
    void whatHidesTheWayNeedsAReload() {
        FpmWay way = choose(
                "'current':'b','linked':[],'ini':{'opcache.revalidate_path':'1'},'releases':{'b':{'scripts':9,'hits':9}}");
        assertThat(way.kind()).isEqualTo(FpmWay.Kind.RELOAD);
        assertThat(way.isGuess()).isTrue();
    }

    @Test
    void aFirstReleaseNeedsNothing() {
        assertThat(choose("'current':'','linked':[]").kind()).isEqualTo(FpmWay.Kind.NOTHING);
        assertThat(FpmWay.choose(FpmSettings.Strategy.AUTO, Intent.SWITCH, Optional.empty(), "/srv/shop")
                        .kind())
                .isEqualTo(FpmWay.Kind.NOTHING);
    }

    @Test
    void withoutOpcacheNothingIsKnown() {
        FpmWay way = FpmWay.choose(
                FpmSettings.Strategy.AUTO,
                Intent.SWITCH,
                Optional.of(PoolLook.parse("{\"pid\":1,\"current\":\"b\",\"opcache\":false,\"opcacheMeant\":true}")),
                "/srv/shop");
        assertThat(way.isGuess()).isTrue();
        assertThat(way.why()).contains("may not be asked");
    }
}
