resource "aws_db_instance" "orders" {
  password = "kept-out-7"
}
