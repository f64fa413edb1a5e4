//! Finds the records that do not lie on this machine: in S3, in what speaks as it does, and on the web.
//!
//! A store is opened when its address is first met, so that every machine that runs a part of a plan finds it by itself. How a store is
//! reached, keys and all, stands in the environment of each program and never in a plan.

use std::sync::Arc;

use datafusion::{
    common::config_err,
    error::{DataFusionError, Result},
    execution::object_store::{DefaultObjectStoreRegistry, ObjectStoreRegistry},
};
use object_store::{ClientOptions, ObjectStore, aws::AmazonS3Builder, http::HttpBuilder};
use url::Url;

use crate::error::plain;

/// Returns what opens stores by the addresses of records, for any engine: `s3://BUCKET` as the variables `AWS_…` say, `http` and
/// `https`, and the files of this machine, which are all where nothing `remote` may be read.
pub fn stores(remote: bool) -> Arc<dyn ObjectStoreRegistry> {
    Arc::new(Stores { met: DefaultObjectStoreRegistry::default(), remote })
}

/// Stores that were met, under the part of their address that names them.
#[derive(Debug)]
struct Stores {
    met: DefaultObjectStoreRegistry,
    remote: bool,
}

impl ObjectStoreRegistry for Stores {
    fn register_store(&self, url: &Url, store: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        self.met.register_store(url, store)
    }

    fn deregister_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        self.met.deregister_store(url)
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        self.met.get_store(url).or_else(|_| {
            if !self.remote {
                return config_err!(
                    "found an address on the network, expected files on disk; allow it with --allow-remote, or download them first"
                );
            }
            let store = open(url)?;
            self.register_store(url, Arc::clone(&store));
            Ok(store)
        })
    }
}

fn open(url: &Url) -> Result<Arc<dyn ObjectStore>> {
    match url.scheme() {
        "s3" | "s3a" => Ok(Arc::new(AmazonS3Builder::from_env().with_url(url.as_str()).build()?)),
        "http" | "https" => {
            let host = &url[..url::Position::BeforePath];
            let options = ClientOptions::new().with_allow_http(true);
            Ok(Arc::new(HttpBuilder::new().with_url(host).with_client_options(options).build()?))
        }
        other => {
            config_err!("records are read from files and folders, s3://, https:// and http://, not from {other}://")
        }
    }
}

/// Where S3 seeks keys that the environment does not have: at the address of a machine's own role in Amazon's cloud.
const ROLE: &str = "http://169.254.169.254/";

/// Returns why a store gives no list of its files, and what to do where it lacks keys.
pub(crate) fn refusal(error: &DataFusionError) -> String {
    let reason = plain(error);
    if !reason.contains(ROLE) {
        return reason;
    }
    let variables = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SKIP_SIGNATURE=true for a public store";
    format!("no keys are known; {variables} ({reason})")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(address: &str) -> Result<Arc<dyn ObjectStore>> {
        stores(true).get_store(&Url::parse(address).unwrap())
    }

    #[test]
    fn a_store_is_opened_by_its_address() {
        for address in ["s3://moves/2020/", "s3a://moves", "https://example.org/moves.parquet", "file:///moves.csv"] {
            assert!(store(address).is_ok(), "{address}");
        }
        assert!(store("ftp://example.org/moves.csv").unwrap_err().to_string().contains("s3://"));
    }

    #[test]
    fn only_files_are_read_unless_more_is_allowed() {
        let stores = stores(false);
        let met = |address: &str| stores.get_store(&Url::parse(address).unwrap());
        assert!(met("file:///moves.csv").is_ok());
        assert!(met("s3://moves/").unwrap_err().to_string().contains("--allow-remote"));
    }

    #[test]
    fn whoever_lacks_keys_is_told_how_to_give_them() {
        let refused = |reason: &str| refusal(&DataFusionError::External(reason.into()));
        let told = refused("Error performing PUT http://169.254.169.254/latest/api/token in 4 s");
        assert!(told.contains("set AWS_ACCESS_KEY_ID") && told.contains("latest/api/token"), "{told}");
        assert_eq!(refused("NoSuchBucket"), "NoSuchBucket");
    }

    #[test]
    fn a_store_is_opened_once() {
        let stores = stores(true);
        let met = |address: &str| stores.get_store(&Url::parse(address).unwrap()).unwrap();
        assert!(Arc::ptr_eq(&met("s3://moves/2020/"), &met("s3://moves/2021/")));
        assert!(!Arc::ptr_eq(&met("s3://moves/2020/"), &met("s3://others/")));
    }
}
