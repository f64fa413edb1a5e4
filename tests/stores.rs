//! Records that lie in an object store or on the web: the same flows as from files on disk, here and on a cluster. The store is moto, a
//! program that answers as S3 does; `make records` installs it. Needs a build with the cluster.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may fail it")]

#[path = "support/program.rs"]
mod program;
#[path = "support/servers.rs"]
mod servers;

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
};

use program::{Bench, Ended};
use servers::{Cluster, Running, await_listener, port, start};

const STORE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/stores/bin/moto_server");

const HEADER: &str = "origin,dest,weight\n";

/// A store with three CSV files under `s3://moves/2020/` and one of Parquet beside that folder, and the same files on disk.
struct Store {
    bench: Bench,
    address: String,
    _moto: Running,
}

impl Store {
    fn new() -> Self {
        assert!(Path::new(STORE).exists(), "{STORE} is not there; make records installs it");
        let address = format!("127.0.0.1:{}", port());
        let moto = start(STORE, &["-H", "127.0.0.1", "-p", address.rsplit(':').next().unwrap()], &[]);
        await_listener(&address);
        let store = Store { bench: Bench::new(), address, _moto: moto };
        store.put("moves", b"");
        store.write("2020/part-1.csv", &format!("{HEADER}lim,hyo,1.5\nlim,aqp,2\n"));
        store.write("2020/part-2.csv", &format!("{HEADER}hyo,lim,0.25\nlim,hyo,4\n"));
        store.write("2020/late.csv", &format!("{HEADER}tru,lim,8\n"));
        store.bench.run("export places.csv 2020/part-1.csv -o one.parquet").expect(0);
        store.put("moves/one.parquet", &store.bench.read("one.parquet"));
        store
    }

    fn write(&self, name: &str, text: &str) {
        self.bench.write(name, text);
        self.put(&format!("moves/{name}"), text.as_bytes());
    }

    /// Makes a bucket or an object.
    fn put(&self, name: &str, content: &[u8]) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let (host, length) = (&self.address, content.len());
        // Whoever asks may read it, also by a plain address.
        let rest = format!("x-amz-acl: public-read\r\nContent-Length: {length}\r\nConnection: close");
        write!(stream, "PUT /{name} HTTP/1.1\r\nHost: {host}\r\n{rest}\r\n\r\n").unwrap();
        stream.write_all(content).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        let endpoint = format!("http://{}", self.address);
        let pairs = [("AWS_ENDPOINT_URL", endpoint.as_str()), ("AWS_ALLOW_HTTP", "true"), ("AWS_REGION", "us-east-1")];
        let keys = [("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret")];
        pairs.into_iter().chain(keys).map(|(name, value)| (name, value.to_owned())).collect()
    }

    fn run(&self, arguments: &str) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowatlas"));
        command.args(arguments.split_whitespace()).current_dir(self.bench.path("")).envs(self.variables());
        program::ended(&mut command)
    }

    /// Returns the flows of these records.
    fn flows(&self, records: &str) -> String {
        self.run(&format!("aggregate {records} --weight weight -o flows.csv")).expect(0);
        self.bench.text("flows.csv")
    }
}

#[test]
fn records_in_a_store_are_those_on_disk() {
    let store = Store::new();
    let all = store.flows("2020");
    assert_eq!(all, "origin,dest,count,records\nhyo,lim,0.25,1\nlim,aqp,2,1\nlim,hyo,5.5,2\ntru,lim,8,1\n");
    for folder in ["s3://moves/2020/", "s3://moves/2020", "s3a://moves/2020/*.csv"] {
        assert_eq!(store.flows(&format!("{folder} --allow-remote")), all, "{folder}");
    }
    assert_eq!(
        store.flows("s3://moves/2020/part-*.csv --allow-remote"),
        store.flows("2020/part-1.csv 2020/part-2.csv")
    );
    assert_eq!(store.flows("s3://moves/one.parquet --allow-remote"), store.flows("one.parquet"));
}

#[test]
fn a_file_on_the_web_is_read_by_its_address() {
    let store = Store::new();
    for name in ["one.parquet", "2020/part-1.csv"] {
        assert_eq!(store.flows(&format!("http://{}/moves/{name} --allow-remote", store.address)), store.flows(name));
    }
}

#[test]
fn what_cannot_be_read_from_a_store_is_told() {
    let store = Store::new();
    let fails = |records: &str, words: &[&str]| {
        store.run(&format!("aggregate {records} -o none.csv")).expect(1).says(words);
        assert!(!store.bench.path("none.csv").exists());
    };
    fails("s3://moves/2020/", &["s3://moves/2020/", "expected files on disk; allow it with --allow-remote"]);
    fails("s3://moves/2021/ --allow-remote", &["s3://moves/2021/", "no file of records is there"]);
    fails("s3://nobody/2021/ --allow-remote", &["s3://nobody/2021/", "NoSuchBucket"]);
    fails("s3://moves/2020/ 2020 --allow-remote", &["aggregate each store by itself"]);
    fails("ftp://moves/2020/ --allow-remote", &["not from ftp://"]);
    fails("https://example.org/2020/ --allow-remote", &["name each file"]);
}

#[test]
fn executors_read_the_store_themselves() {
    let store = Store::new();
    // Built along with this program.
    let program: PathBuf = Path::new(env!("CARGO_BIN_EXE_flowatlas")).with_file_name("flowatlas-cluster");
    let variables = store.variables();
    let mut cluster = Cluster::new(&program, &["--allow-remote"], &variables);
    let remote = format!("s3://moves/2020/ --allow-remote --cluster {}", cluster.address);
    cluster.add(&program, (&[], &[]), &[]);
    store.run(&format!("aggregate {remote} -o none.csv")).expect(1).says(&["allow it with --allow-remote"]);
    cluster.executors.clear();
    for _ in 0..2 {
        cluster.add(&program, (&[], &["--allow-remote"]), &variables);
    }
    assert_eq!(store.flows(&remote), store.flows("2020"));
}
